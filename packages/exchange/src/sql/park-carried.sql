-- A hub does not forward the object $2 of the message $1, and says why ($3). Sent again it is another object: by a person, or at $5 by itself
-- where the time of this one was over.
with settled as (
  update outbox set state = case when $5::timestamptz is null then 'parked' else 'sent' end, due_at = coalesce($5, due_at),
    reason = $3, sealed_by = null, lease = null, leased_until = null
  where message_id = $1 and link in ('as4', 'carried') and state in ('queued', 'sent') and sealed_references -> 0 ->> 'objectId' = $2
  returning conversation, message_id, recipient, document_type, tries
)
insert into journal (at, kind, conversation, message_id, actor, detail)
select $4, case when $5::timestamptz is null then 'message.parked' else 'message.unanswered' end, conversation, message_id, recipient,
  jsonb_build_object('type', document_type, 'reason', $3::text, 'tries', tries, 'box', 'outbox')
from settled
