select id::text, mailbox_position::text as cursor, message_id, sender, conversation, document_type, ref_to, created_at, state
from outbox
where link = 'mailbox' and recipient = $1 and mailbox_position > $2
order by mailbox_position
limit $3
