update border.object set dealt_as = $3 where sender = $1 and id = $2 and dealt_as is null
