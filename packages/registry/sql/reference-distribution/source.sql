select list, owner, version, digest, asked_at, asked_for, refusal from reference_source where list = $1 for update
