update reference_subscription
set version = $3, digest = $4, sent = greatest(sent, $3), refusal = null, acknowledged_at = $5
where list = $1 and party = $2
