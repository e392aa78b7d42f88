-- The receiving hot path: takes messages on and says so, or answers what is stored of them. No row at all for a message means that it
-- is just being committed by somebody else: ask again. Payloads, raw bytes, receipts and digests come packed (see packed.ts).
with given as materialized (
  -- In the order in which they came, which orders their conversations.
  select *, nextval('inbox_id_seq') as id
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[],
    $11::int[], $12::int[], $14::int[], $15::int[], $16::text[], $18::int[], $19::int[], $20::text[], $21::timestamptz[],
    $22::timestamptz[])
    with ordinality as given (sender, message_id, link, recipient, conversation, document_type, ref_to, at,
      payload_start, payload_length, raw_start, raw_length, raw_content_type, receipt_start, receipt_length,
      receipt_content_type, turn, made_at, place)
), taken as (
  insert into inbox (id, sender, message_id, link, recipient, conversation, document_type, ref_to, payload, payload_digest,
    raw, raw_content_type, receipt, receipt_content_type, due_at, turn, received_at, made_at) overriding system value
  select id, sender, message_id, link, recipient, conversation, document_type, ref_to,
    substring($10::bytea from payload_start for payload_length), substring($9::bytea from place::int * 32 - 31 for 32),
    substring($13::bytea from raw_start for raw_length), raw_content_type,
    substring($17::bytea from receipt_start for receipt_length), receipt_content_type, at, turn, at, made_at
  -- Everybody inserts in the same order: two batches with the same messages wait for one another, and never in a circle.
  from (select * from given order by sender, message_id) as sorted
  on conflict (sender, message_id) do nothing
  returning id
), stored as (
  select given.id as given_id, inbox.id, same, receipt, inbox.receipt_content_type
  from given cross join lateral (
    -- The limit makes each of them a look into the index, whatever PostgreSQL believes of the table's size.
    select id, payload_digest = substring($9::bytea from place::int * 32 - 31 for 32) as same, receipt, receipt_content_type
    from inbox where sender = given.sender and message_id = given.message_id limit 1) as inbox
), said as (
  insert into journal (at, kind, conversation, message_id, actor, detail)
  select at, kind, conversation, message_id, sender,
    jsonb_build_object('type', document_type)
      || case when repeated then jsonb_build_object('digest', encode(substring($9::bytea from place::int * 32 - 31 for 32), 'hex'))
        else jsonb_build_object('link', link) end
  from given join (
    select id, false as repeated, 'message.received' as kind from taken
    union all
    select given_id, true, case when same then 'message.repeated' else 'message.conflicting' end from stored) as become using (id)
  order by id
)
select place::int, id::text, 'taken' as outcome, null::bytea as receipt, null::text as receipt_content_type
from taken join given using (id)
union all
select place::int, stored.id::text, case when same then 'repeated' else 'conflicting' end, receipt, stored.receipt_content_type
from stored join given on given.id = given_id
