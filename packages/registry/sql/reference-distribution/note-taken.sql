update reference_source set version = $2, digest = $3, taken_at = $4, refusal = null where list = $1
