-- All that is kept of the messages of some conversations. Ids are those of the row; the order is that of conversation-messages.sql.
select id::text, 'in' as direction, link, message_id, sender, recipient, conversation, document_type, ref_to, state,
  received_at as at, null::timestamptz as first_sent_at, null::timestamptz as receipted_at, payload, payload_digest,
  raw as wire, raw_content_type as wire_content_type, receipt, receipt_content_type, id as place
from inbox where conversation = any ($1::text[])
union all
select id::text, 'out', link, message_id, sender, recipient, conversation, document_type, ref_to, state,
  created_at, first_sent_at, receipted_at, payload, payload_digest,
  sealed, sealed_content_type, receipt, receipt_content_type, id
from outbox where conversation = any ($1::text[])
order by at, direction desc, place
