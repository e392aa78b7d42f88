insert into returned_message (partner, message_id, conversation, document_type, ref_to, made_at, payload, payload_digest, signed,
  signed_content_type, receipt, receipt_content_type, receipted, reconciliation, returned_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
on conflict do nothing
returning message_id
