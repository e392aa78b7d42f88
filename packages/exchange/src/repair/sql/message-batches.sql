-- The batches that a message is in, the newest first.
select message_batch.id::text, act, reason, state, requested_by, requested_name, requested_at, decided_by, decided_name, decided_at,
  outcome, why, detail, at
from message_batch_item join message_batch on message_batch.id = batch
where message = $2 and box = $1
order by message_batch.id desc limit 100
