-- The receiving hot path: takes a message on and says so, or answers what is stored of it. No row at all means that the same message
-- is just being committed by somebody else: ask again.
with taken as (
  insert into inbox (sender, message_id, link, recipient, conversation, document_type, ref_to, payload, payload_digest,
    raw, raw_content_type, receipt, receipt_content_type, due_at, received_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)
  on conflict (sender, message_id) do nothing
  returning id
), stored as (
  select id, payload_digest = $9 as same, receipt, receipt_content_type from inbox where sender = $1 and message_id = $2
), said as (
  insert into journal (at, kind, conversation, message_id, actor, detail)
  select $14, 'message.received', $5, $2, $1, jsonb_build_object('type', $6::text, 'link', $3::text) from taken
  union all
  select $14, case when same then 'message.repeated' else 'message.conflicting' end, $5, $2, $1,
    jsonb_build_object('type', $6::text, 'digest', encode($9, 'hex')) from stored
)
select id::text, 'taken' as outcome, null::bytea as receipt, null::text as receipt_content_type from taken
union all
select id::text, case when same then 'repeated' else 'conflicting' end, receipt, receipt_content_type from stored
