update reference_source set refusal = $3 where list = $1 and owner = $2 returning list
