select id::text, message_id, sender, conversation, document_type, ref_to, created_at, payload, payload_digest
from outbox
where link = 'mailbox' and recipient = $1 and id = $2
