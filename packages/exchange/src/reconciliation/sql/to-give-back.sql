-- What the partner $1 has sent to this node, of the ids $2, and how many bytes were kept of each; the bytes themselves are not read.
select kept.message_id, conversation, document_type,
  case when raw_content_type is not null and receipt_content_type is not null then coalesce(length(raw), 0) end as wire_bytes,
  length(receipt) as receipt_bytes
from unnest($2::text[]) as asked (message_id)
cross join lateral (
  select * from inbox where sender = $1 and inbox.message_id = asked.message_id limit 1) as kept
where link in ('as4', 'carried')
