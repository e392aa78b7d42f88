-- A message as a worker would get it, whatever its state.
select id::text, sender, message_id, link, recipient, conversation, document_type, ref_to, payload, payload_digest, tries, waits,
  wait_until, received_at, correction::text
from inbox where id = $1
