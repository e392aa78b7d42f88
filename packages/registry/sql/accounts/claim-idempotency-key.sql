-- A second request with the same key waits here until the first one's transaction has ended.
insert into idempotency (user_id, key, request_digest, created_at) values ($1, $2, $3, $4)
on conflict (user_id, key) do nothing
returning key
