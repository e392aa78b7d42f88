select account_id, name, created_at, last_used_at, revoked_at from api_token where account_id = $1 order by created_at, name
