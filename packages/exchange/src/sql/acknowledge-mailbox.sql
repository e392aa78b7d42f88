-- Asking for what comes after a position proves that everything up to it has arrived.
with read as (
  update outbox set state = 'receipted', receipted_at = $3
  where link = 'mailbox' and recipient = $1 and mailbox_position <= $2 and state = 'queued'
  returning conversation, message_id, recipient, document_type
)
insert into journal (at, kind, conversation, message_id, actor, detail)
select $3, 'message.receipted', conversation, message_id, recipient, jsonb_build_object('type', document_type, 'link', 'mailbox')
from read
