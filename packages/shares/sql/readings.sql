select r.number::int, r.id, r.item, r.version, i.subject, r.who, r.read_at as "readAt", r.noted_at as "notedAt", r.message_id as "messageId"
from share_reading r join share_item i on i.owner = r.owner and i.item = r.item
where r.owner = $1 and r.contract_id = $2 and ($4::bigint is null or r.number < $4)
order by r.number desc
limit $3
