select border.lies($1, $2) as lies
