with decided as (
  update message_batch set state = $2, decided_by = $3, decided_name = $4, decided_at = $5, decided_reason = $6
  where id = $1
  returning id, act, messages, digest, reason
)
insert into journal (at, kind, actor, detail)
select $5, 'batch.' || $2::text, $3, jsonb_strip_nulls(jsonb_build_object('batch', id, 'act', act, 'messages', messages, 'digest', encode(digest, 'hex'),
  'reason', coalesce($6::text, reason)))
from decided
