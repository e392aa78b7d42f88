-- A verified receipt is a fact, whoever holds the lease by now.
with settled as (
  update outbox set state = 'receipted', receipt = $2, receipt_content_type = $3, receipted_at = $4, reason = null,
    lease = null, leased_until = null
  where id = $1 and state in ('sent', 'parked')
  returning conversation, message_id, recipient, document_type, tries
)
insert into journal (at, kind, conversation, message_id, actor, detail)
select $4, 'message.receipted', conversation, message_id, recipient, jsonb_build_object('type', document_type, 'tries', tries)
from settled
