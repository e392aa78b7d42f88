with again as (
  update outbox set state = case when sealed is null then 'queued' else 'sent' end, tries = 0, due_at = $2, reason = null, lease = null,
    leased_until = null
  where id = any ($1::bigint[]) and state in ('parked', 'receipted')
  returning id, conversation, message_id
)
insert into journal (at, kind, conversation, message_id, actor, detail)
select $2, 'message.requeued', conversation, message_id, $3, $4::jsonb || '{"box":"outbox"}' from again order by id
returning message_id
