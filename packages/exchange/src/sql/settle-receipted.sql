-- A verified receipt is a fact, whoever holds the lease by now. But it proves only the bytes that it was given for: when others were
-- stored since (sealed anew by who took over), the receipt for those is to come. The receipts come packed in $3.
with given as materialized (
  select *
  from unnest($1::bigint[], $2::timestamptz[], $4::int[], $5::int[], $6::text[], $7::text[])
    as given (id, at, start, length, content_type, reference_list)
), settled as (
  update outbox set state = 'receipted', receipt = substring($3::bytea from start for length), receipt_content_type = content_type,
    receipted_at = at, reason = null, lease = null, leased_until = null
  from given
  where outbox.id = given.id and state in ('sent', 'parked', 'discarded') and sealed_references = reference_list::jsonb
  returning outbox.id, at, conversation, message_id, recipient, document_type, tries
), said as (
  insert into journal (at, kind, conversation, message_id, actor, detail)
  select at, 'message.receipted', conversation, message_id, recipient, jsonb_build_object('type', document_type, 'tries', tries)
  from settled
)
select message_id from settled
