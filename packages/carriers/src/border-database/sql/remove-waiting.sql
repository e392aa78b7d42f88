select border.remove_waiting($1, $2) as gone
