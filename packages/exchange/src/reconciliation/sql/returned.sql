select partner, message_id, conversation, document_type, ref_to, made_at, payload, payload_digest, signed, signed_content_type, receipt,
  receipt_content_type, receipted, returned_at
from returned_message
where partner = $1 and message_id = $2
