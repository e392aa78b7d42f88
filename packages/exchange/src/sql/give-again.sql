-- The message $1 to a hub goes once more: it was given up, or the hub took it, before $3.
with again as (
  update outbox set state = case when sealed is null then 'queued' else 'sent' end, tries = 0, due_at = $2, reason = null
  where message_id = $1 and link = 'as4' and (state = 'parked' and due_at < $3 or state = 'receipted' and receipted_at < $3)
  returning conversation, message_id, sender
)
insert into journal (at, kind, conversation, message_id, actor, detail)
select $2, 'message.requeued', conversation, message_id, sender, jsonb_build_object('box', 'outbox') from again
