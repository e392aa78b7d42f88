delete from reference_part where list = $1
