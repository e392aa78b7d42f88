-- The handler threw: after the roll-back of what it did. `tries` guards against counting one failure twice.
with failed as (
  update inbox set tries = tries + 1, due_at = $3, turn = $3, reason = $4, state = case when $5::boolean then 'parked' else state end
  where id = $1 and tries = $2 and state in ('received', 'waiting')
  returning conversation, message_id, sender, document_type
), found as (
  insert into message_key (kind, value, box, message)
  select kind, value, 'in', $1 from unnest($7::text[], $8::uuid[]) as given (kind, value)
  on conflict do nothing
)
insert into journal (at, kind, conversation, message_id, actor, detail)
select $6, case when $5 then 'message.parked' else 'message.failed' end, conversation, message_id, sender,
  jsonb_build_object('type', document_type, 'reason', $4::text, 'box', 'inbox')
from failed
