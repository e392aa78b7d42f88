-- The decision is made. What waits in the same conversation may have waited for just this one.
with finished as (
  update inbox set state = 'done', done_at = $2, reason = null, conversation = coalesce($3, conversation)
  where id = $1
  returning conversation
)
update inbox set due_at = $2, turn = $2
from finished
where inbox.conversation = finished.conversation and inbox.state = 'waiting' and inbox.due_at > $2 and inbox.id <> $1
