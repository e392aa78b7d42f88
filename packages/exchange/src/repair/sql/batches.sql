select id::text, act, filter, reason, messages, digest, state, requested_by, requested_name, requested_at, decided_by, decided_name,
  decided_at, decided_reason, finished_at, done, already, refused
from message_batch
where ($1::bigint is null or id = $1) and ($2::text is null or state = $2) and ($3::bigint is null or id < $3)
order by message_batch.id desc limit $4
