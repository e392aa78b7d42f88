select payload from reference_part where list = $1 and part = $2
