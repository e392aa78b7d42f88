delete from reference_entry where list = $1 and added_in = $2
