update forwarded_object set state = $3, reason = $4, settled_at = $5 where sender = $1 and id = $2
