delete from reference_entry where list = $1
