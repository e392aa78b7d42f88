-- What the partner $1 has sent to this node, of the ids $2, with all that was kept of it.
select message_id, conversation, document_type, ref_to, link, coalesce(made_at, received_at) as made_at, payload_digest, raw,
  raw_content_type, receipt, receipt_content_type
from inbox
where sender = $1 and message_id = any ($2::text[]) and link in ('as4', 'carried')
