update api_token set revoked_at = $3 where account_id = $1 and name = $2 and revoked_at is null
returning account_id
