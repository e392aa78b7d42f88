select message_id, document_type, state, payload from outbox where ref_to = $1 order by id
