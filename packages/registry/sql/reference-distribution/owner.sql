select owner from reference_list where id = $1
