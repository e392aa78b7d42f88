with discarded as (
  update outbox set state = 'discarded', reason = $4::jsonb ->> 'reason'
  where id = any ($1::bigint[]) and state = 'parked'
  returning id, conversation, message_id
)
insert into journal (at, kind, conversation, message_id, actor, detail)
select $2, 'message.discarded', conversation, message_id, $3, $4::jsonb || '{"box":"outbox"}' from discarded order by id
returning message_id
