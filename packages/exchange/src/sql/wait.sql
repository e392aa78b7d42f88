-- Without a line in the journal ($6) when what waits patiently goes on doing so.
with waiting as (
  update inbox set state = 'waiting', waits = $2, wait_until = $3, due_at = $3, turn = $3, reason = $4
  where id = $1
  returning conversation, message_id, sender, document_type
), found as (
  insert into message_key (kind, value, box, message)
  select kind, value, 'in', $1 from unnest($7::text[], $8::uuid[]) as given (kind, value)
  on conflict do nothing
)
insert into journal (at, kind, conversation, message_id, actor, detail)
select $5, 'message.waiting', conversation, message_id, sender,
  jsonb_build_object('type', document_type, 'reason', $4::text, 'until', $3::timestamptz)
from waiting where not $6::boolean
