-- The declarations of both sides of each consignment whose first declaration is of a period: those of which a block is here. A consignment
-- has one of the period and none before it. Of more than $5 consignments only their number comes.
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
  select d.id, d.ucr
  from consignment join declaration d on d.ucr = consignment.ucr
  where d.party = $1 and d.side = any ($2) and d.version > 0 and (select counted from counted) <= $5
)
select found.id::text, found.ucr, counted.counted
from counted left join found on true
order by found.id
