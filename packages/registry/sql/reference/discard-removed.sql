update reference_entry set removed_in = null where list = $1 and removed_in = $2
