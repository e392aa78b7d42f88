select r.id, r.item, r.version, i.subject, r.who, r.read_at as "readAt", r.noted_at as "notedAt", r.message_id as "messageId"
from share_reading r join share_item i on i.owner = r.owner and i.item = r.item
where r.owner = $1 and r.contract_id = $2
order by r.read_at desc, r.id
limit $3
