-- What was handed to a partner that fetches, and has no receipt yet.
select id::text, message_id, sender, recipient, conversation, document_type, ref_to, payload, payload_digest, created_at, tries, sealed,
  sealed_content_type, sealed_references, sealed_by, lease::text
from outbox
where message_id = $1 and recipient = $2 and link = 'as4' and state in ('sent', 'parked', 'discarded')
