-- Given up before the partner had it. One that is on its way at this moment may still arrive; its receipt then finds a parked message.
with withdrawn as (
  update outbox set state = 'parked', reason = $2, lease = null, leased_until = null
  where message_id = any ($1::text[]) and state in ('queued', 'sent')
  returning conversation, message_id, recipient, document_type, tries
), said as (
  insert into journal (at, kind, conversation, message_id, actor, detail)
  select $3, 'message.parked', conversation, message_id, recipient,
    jsonb_build_object('type', document_type, 'reason', $2::text, 'tries', tries, 'box', 'outbox')
  from withdrawn
)
select message_id from withdrawn
