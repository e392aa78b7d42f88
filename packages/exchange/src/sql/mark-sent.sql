-- Before the first byte leaves: the bytes of every retry. No row means that the lease was lost, and nothing may be sent.
with sent as (
  update outbox set state = 'sent', sealed = $3, sealed_content_type = $4, sealed_references = $5, sealed_by = $6,
    first_sent_at = coalesce(first_sent_at, $7)
  where id = $1 and lease = $2 and state in ('queued', 'sent')
  returning id, conversation, message_id, sender
), said as (
  insert into journal (at, kind, conversation, message_id, actor)
  select $7, 'message.resealed', conversation, message_id, sender from sent where $8::boolean
)
select id::text from sent
