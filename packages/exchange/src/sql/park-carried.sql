-- A hub does not forward the object $2 of the message $1, and says why ($3). Sent again it is another object.
with settled as (
  update outbox set state = 'parked', reason = $3, sealed_by = null, lease = null, leased_until = null
  where message_id = $1 and link in ('as4', 'carried') and state in ('queued', 'sent') and sealed_references -> 0 ->> 'objectId' = $2
  returning conversation, message_id, recipient, document_type, tries
)
insert into journal (at, kind, conversation, message_id, actor, detail)
select $4, 'message.parked', conversation, message_id, recipient,
  jsonb_build_object('type', document_type, 'reason', $3::text, 'tries', tries, 'box', 'outbox')
from settled
