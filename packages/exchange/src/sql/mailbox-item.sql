select id::text, mailbox_position::text as cursor, message_id, sender, conversation, document_type, ref_to, created_at
from outbox
where link = 'mailbox' and recipient = $1 and message_id = $2
