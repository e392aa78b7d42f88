delete from idempotency where user_id = $1 and key = $2 and status is null
