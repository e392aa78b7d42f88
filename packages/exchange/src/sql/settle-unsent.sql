-- No receipt this time: another try at $3, or parked for a person to act. A partner that is away for days gives the same reason
-- thousands of times: the row counts them, the journal says what is new. $7: other bytes next time.
with before as (
  select id, reason from outbox where id = $1
), settled as (
  update outbox set due_at = $3, reason = $4, lease = null, leased_until = null,
    state = case when $5::boolean then 'parked' else state end, sealed_by = case when $7::boolean then null else sealed_by end
  from before
  where outbox.id = before.id and lease = $2 and state in ('queued', 'sent')
  returning conversation, message_id, recipient, document_type, tries, before.reason is distinct from $4::text as news
)
insert into journal (at, kind, conversation, message_id, actor, detail)
select $6, case when $5 then 'message.parked' else 'message.unanswered' end, conversation, message_id, recipient,
  jsonb_build_object('type', document_type, 'reason', $4::text, 'tries', tries, 'box', 'outbox')
from settled where $5 or news
