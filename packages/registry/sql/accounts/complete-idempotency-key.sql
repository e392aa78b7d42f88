update idempotency set status = $3, response = $4 where user_id = $1 and key = $2
