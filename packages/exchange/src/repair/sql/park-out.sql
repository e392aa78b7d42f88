-- One that is on its way at this moment may still arrive; its receipt then finds a parked message.
with parked as (
  update outbox set state = 'parked', reason = $4::jsonb ->> 'reason', lease = null, leased_until = null
  where id = any ($1::bigint[]) and state in ('queued', 'sent')
  returning id, conversation, message_id
)
insert into journal (at, kind, conversation, message_id, actor, detail)
select $2, 'message.parked', conversation, message_id, $3, $4::jsonb || '{"box":"outbox"}' from parked order by id
returning message_id
