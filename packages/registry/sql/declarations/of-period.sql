-- The declarations of both sides of each consignment whose first declaration is of a period: by UCR, the blocks that count. A consignment has
-- one of the period and none before it. Of more than $5 consignments only their number comes.
with consignment as materialized (
  select distinct d.ucr from declaration d
  where d.party = $1 and d.side = any ($2) and d.version > 0 and d.day between $3 and $4
    and not exists (
      select from declaration earlier
      where earlier.ucr = d.ucr and earlier.party = $1 and earlier.side = any ($2) and earlier.version > 0 and earlier.day < $3)
  limit $5::int + 1
), counted as (
  select count(*)::int as counted from consignment
), found as (
  select d.id, d.side, d.ucr, d.day, v.block, v.message_id
  from consignment join declaration d on d.ucr = consignment.ucr
    join declaration_version v on v.declaration = d.id and v.version = d.version
  where d.party = $1 and d.side = any ($2) and (select counted from counted) <= $5
)
select found.id::text, found.side, found.ucr, found.day::text, found.block, found.message_id as "messageId", counted.counted
from counted left join found on true
order by found.id
