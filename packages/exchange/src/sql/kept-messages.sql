-- All that is kept of the messages of some conversations; with $2 only of those, by direction and id (in-12). Ids are those of the row; the order is
-- that of conversation-messages.sql. `former`: receipts of before it was sent again. What the partner gave back, as this node ($3) did not remember
-- it, stands with its document.
select id::text, 'in' as direction, link, message_id, sender, recipient, conversation, document_type, ref_to, state,
  received_at as at, null::timestamptz as first_sent_at, null::timestamptz as receipted_at, payload, payload_digest,
  raw as wire, raw_content_type as wire_content_type, receipt, receipt_content_type, 0::bigint as former,
  null::timestamptz as returned_at, id as place
from inbox where conversation = any ($1::text[]) and ($2::text[] is null or 'in-' || id = any ($2))
union all
select id::text, 'out', link, message_id, sender, recipient, conversation, document_type, ref_to, state,
  created_at, first_sent_at, receipted_at, payload, payload_digest,
  sealed, sealed_content_type, receipt, receipt_content_type,
  (select count(*) from former_delivery as former where former.message_id = outbox.message_id), null, id
from outbox where conversation = any ($1::text[]) and ($2::text[] is null or 'out-' || id = any ($2))
union all
select 'returned', 'out', case when signed_content_type like 'application/pkcs7-mime%' then 'carried' else 'as4' end, message_id, $3::text, partner,
  conversation, document_type, ref_to, 'returned', made_at, null, null, payload, payload_digest, null, null, null, null, 0, returned_at, 0
from returned_message as returned
where conversation = any ($1::text[]) and $2::text[] is null
  and not exists (select from outbox where outbox.message_id = returned.message_id)
order by at, direction desc, place
