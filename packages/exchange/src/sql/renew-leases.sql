update outbox set leased_until = $3 where id = any ($1::bigint[]) and lease = $2 and state in ('queued', 'sent')
