insert into api_token (digest, account_id, name, created_at) values ($1, $2, $3, $4)
on conflict (account_id, name) where revoked_at is null do nothing
returning account_id
