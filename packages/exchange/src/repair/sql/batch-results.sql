select place, box || '-' || message as id, message_id, outcome, why, detail, at
from message_batch_item
where batch = $1 and place > $2 and ($3::text is null or coalesce(outcome, 'left') = $3)
order by place limit $4
