update reference_version set note = concat_ws(' — ', nullif(note, ''), $3::text) where list = $1 and number = $2
