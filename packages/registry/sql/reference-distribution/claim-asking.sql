-- The list $1 when its owner was not asked since $3: of several processes one asks.
update reference_source set asked_at = $2 where list = $1 and asked_at <= $3 returning version, digest
