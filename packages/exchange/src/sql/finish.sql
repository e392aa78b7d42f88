-- The decision is made. What waits in the same conversation may have waited for just this one.
with finished as (
  update inbox set state = 'done', done_at = $2, reason = null, conversation = coalesce($3, conversation)
  where id = $1
  returning conversation
), found as (
  insert into message_key (kind, value, box, message)
  select kind, value, 'in', $1 from unnest($4::text[], $5::uuid[]) as given (kind, value)
  on conflict do nothing
)
update inbox set due_at = $2, turn = $2
from finished
where inbox.conversation = finished.conversation and inbox.state = 'waiting' and inbox.due_at > $2 and inbox.id <> $1
