-- One message with all that is kept of it.
select 'in' as direction, id::text, link, message_id, sender, recipient, conversation, document_type, ref_to, state, tries, reason,
  received_at as at, null::timestamptz as first_sent_at, null::timestamptz as receipted_at, done_at, payload, payload_digest,
  raw as wire, raw_content_type as wire_content_type, receipt, receipt_content_type, null::text as sealed_by
from inbox where $1 = 'in' and id = $2
union all
select 'out', id::text, link, message_id, sender, recipient, conversation, document_type, ref_to, state, tries, reason,
  created_at, first_sent_at, receipted_at, null, payload, payload_digest,
  sealed, sealed_content_type, receipt, receipt_content_type, sealed_by
from outbox where $1 = 'out' and id = $2
