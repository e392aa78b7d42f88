select id::text, link, state, length(payload) > 0 as has_bytes from outbox where id = any ($1::bigint[]) order by id for update
