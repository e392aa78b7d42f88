select request_digest, status, response from idempotency where user_id = $1 and key = $2
