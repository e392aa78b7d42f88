with parked as (
  update inbox set state = 'parked', reason = $4::jsonb ->> 'reason'
  where id = any ($1::bigint[]) and state in ('received', 'waiting')
  returning id, conversation, message_id
)
insert into journal (at, kind, conversation, message_id, actor, detail)
select $2, 'message.parked', conversation, message_id, $3, $4::jsonb || '{"box":"inbox"}' from parked order by id
returning message_id
