-- What the partner $1 has sent to this node, of the ids $2, with all that was kept of it.
select kept.message_id, conversation, document_type, ref_to, link, coalesce(made_at, received_at) as made_at, payload_digest, raw,
  raw_content_type, receipt, receipt_content_type
from unnest($2::text[]) as asked (message_id)
cross join lateral (
  select * from inbox where sender = $1 and inbox.message_id = asked.message_id limit 1) as kept
where link in ('as4', 'carried')
