with again as (
  update outbox set state = case when sealed is null then 'queued' else 'sent' end, tries = 0, due_at = $2, reason = null
  where id = $1 and state = 'parked'
  returning conversation, message_id
)
insert into journal (at, kind, conversation, message_id, actor, detail)
select $2, 'message.requeued', conversation, message_id, $3, jsonb_build_object('box', 'outbox') from again
returning message_id
