update reference_list set owner = $2 where id = $1
