update reference_source set asked_at = $2, asked_for = greatest(asked_for, $3) where list = $1
