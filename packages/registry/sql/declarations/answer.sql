update declaration_version set answer = $3 where declaration = $1 and version = $2
