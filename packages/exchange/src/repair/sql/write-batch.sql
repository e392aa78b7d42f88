with asked as (
  insert into message_batch (act, filter, reason, messages, digest, requested_by, requested_name, requested_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8)
  returning id
), items as (
  insert into message_batch_item (batch, place, box, message, message_id)
  select id, place, box, message, message_id
  from asked, unnest($9::text[], $10::bigint[], $11::text[]) with ordinality as given (box, message, message_id, place)
), said as (
  insert into journal (at, kind, actor, detail)
  select $8, 'batch.requested', $6, jsonb_build_object('batch', id, 'act', $1::text, 'messages', $4::int, 'digest', encode($5::bytea, 'hex'),
    'reason', $3::text)
  from asked
)
select id::text from asked
