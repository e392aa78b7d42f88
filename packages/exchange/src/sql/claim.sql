-- The due message whose turn it is, locked until the end of the transaction. An older one of the same conversation that was not looked at to the end
-- holds back the younger; one that waits or is parked does not.
select id::text, sender, message_id, link, recipient, conversation, document_type, ref_to, payload, payload_digest, tries, waits,
  wait_until, received_at, correction::text
from inbox
where state in ('received', 'waiting') and due_at <= $1
  -- A scalar subquery and no `not exists`: that would become a join over all that is due.
  and (
    select older.id from inbox older
    where older.conversation = inbox.conversation and older.state = 'received' and older.id < inbox.id limit 1) is null
order by coalesce(turn, due_at), inbox.id
limit 1
for update skip locked
