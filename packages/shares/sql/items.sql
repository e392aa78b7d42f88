select i.number::int, i.item, i.version, i.subject, i.digest, i.shared_at as "sharedAt", i.until, i.ended_at as "endedAt", i.end_reason as "endReason",
  (select count(*) from share_reading r where r.owner = i.owner and r.item = i.item)::int as readings
from share_item i where i.owner = $1 and i.contract_id = $2 and ($4::bigint is null or i.number < $4)
order by i.number desc
limit $3
