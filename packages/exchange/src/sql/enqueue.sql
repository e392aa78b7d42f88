-- What a decision owes to others. A message to an office of our own is in its inbox with the same commit.
with owed as (
  insert into outbox (message_id, link, sender, recipient, conversation, document_type, ref_to, payload, payload_digest,
    state, due_at, created_at, receipted_at)
  select message_id, link, sender, recipient, conversation, document_type, ref_to, payload, payload_digest,
    case link when 'local' then 'receipted' else 'queued' end, coalesce(due_at, $10), $10, case link when 'local' then $10::timestamptz end
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[], $9::bytea[],
    $11::timestamptz[])
    with ordinality as given (message_id, link, sender, recipient, conversation, document_type, ref_to, payload, payload_digest, due_at, place)
  order by place
  returning *
), delivered as (
  insert into inbox (sender, message_id, link, recipient, conversation, document_type, ref_to, payload, payload_digest, due_at,
    received_at)
  select sender, message_id, link, recipient, conversation, document_type, ref_to, payload, payload_digest, $10, $10
  from owed where link = 'local' order by id
), found as (
  insert into message_key (kind, value, box, message)
  select kind, value, 'out', owed.id
  from unnest($12::text[], $13::text[], $14::uuid[]) as given (message_id, kind, value) join owed using (message_id)
), said as (
  insert into journal (at, kind, conversation, message_id, actor, detail)
  select $10, 'message.queued', conversation, message_id, sender,
    jsonb_build_object('type', document_type, 'to', recipient, 'link', link)
  from owed order by id
)
select pg_notify('exchange', case link when 'local' then 'inbox' else 'outbox' end)
from (select distinct link from owed where link <> 'mailbox') as used
