with again as (
  update inbox set state = 'received', tries = 0, waits = 0, wait_until = null, due_at = $2, turn = $2, reason = null
  where id = any ($1::bigint[]) and state = 'parked'
  returning id, conversation, message_id
)
insert into journal (at, kind, conversation, message_id, actor, detail)
select $2, 'message.requeued', conversation, message_id, $3, $4::jsonb || '{"box":"inbox"}' from again order by id
returning message_id
