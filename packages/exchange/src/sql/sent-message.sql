-- A message of ours by its id: what it belongs to, and its type.
select conversation, document_type from outbox where message_id = $1
