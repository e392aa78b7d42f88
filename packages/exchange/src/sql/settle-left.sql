-- A sealed object lies at a third place ($5). It is put again at $3, should the addressee's receipt not be here by then; the journal
-- says it the first time. It may lie there for weeks: what counts towards giving up are the tries since it was last put.
with before as (
  select id, reason from outbox where id = $1
), settled as (
  update outbox set due_at = $3, reason = $4, tries = 1, lease = null, leased_until = null
  from before
  where outbox.id = before.id and lease = $2 and state = 'sent'
  returning conversation, message_id, recipient, document_type, before.reason is distinct from $4::text as news
)
insert into journal (at, kind, conversation, message_id, actor, detail)
select $6, 'message.left', conversation, message_id, recipient, jsonb_build_object('type', document_type, 'place', $5::text)
from settled where news
