-- Before the first byte of any of them leaves: the bytes of every retry, packed in $3. A message that does not come back has lost its
-- lease, and may not be sent.
with given as materialized (
  select *
  from unnest($2::bigint[], $4::int[], $5::int[], $6::text[], $7::text[], $8::text[], $9::text[])
    as given (id, start, length, content_type, reference_list, sealed_by, resealed)
), sent as (
  update outbox set state = 'sent', sealed = substring($3::bytea from start for length), sealed_content_type = content_type,
    sealed_references = reference_list::jsonb, sealed_by = given.sealed_by, first_sent_at = coalesce(first_sent_at, $10)
  from given
  where outbox.id = given.id and lease = $1 and state in ('queued', 'sent')
  returning outbox.id, conversation, message_id, sender, resealed
), said as (
  insert into journal (at, kind, conversation, message_id, actor, detail)
  select $10, 'message.resealed', conversation, message_id, sender, resealed::jsonb from sent where resealed is not null
)
select id::text from sent
