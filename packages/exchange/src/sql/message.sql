select conversation, sender, recipient, message_id, document_type, payload, payload_digest from inbox where $1 = 'in' and id = $2
union all
select conversation, sender, recipient, message_id, document_type, payload, payload_digest from outbox where $1 = 'out' and id = $2
