-- Messages for whom is no partner any more: $1 are those that are.
with orphans as (
  update outbox set state = 'parked', reason = 'the partner is not configured any more', lease = null, leased_until = null
  where link in ('as4', 'carried') and state in ('queued', 'sent') and recipient <> all ($1::text[])
  returning conversation, message_id, recipient, document_type, tries, reason
)
insert into journal (at, kind, conversation, message_id, actor, detail)
select $2, 'message.parked', conversation, message_id, recipient,
  jsonb_build_object('type', document_type, 'reason', reason, 'tries', tries, 'box', 'outbox')
from orphans
returning message_id
