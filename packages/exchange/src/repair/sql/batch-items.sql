-- The next messages of a batch, and which of them another batch has done since this one was asked for.
select place, box, message::text, message_id,
  exists (
    select from message_batch_item as other join message_batch on message_batch.id = other.batch
    where other.message = item.message and other.box = item.box and other.batch <> item.batch and other.outcome = 'done'
      and other.at >= $4 and act = $3) as by_another
from message_batch_item as item
where batch = $1 and outcome is null
order by place limit $2
