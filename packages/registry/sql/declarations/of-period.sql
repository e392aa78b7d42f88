-- The declarations of both sides of each consignment whose first declaration is of a period: by UCR, the blocks that count.
with consignment as (
  select ucr from declaration
  where party = $1 and side = any ($2) and version > 0
  group by ucr having min(day) between $3 and $4
)
select d.id::text, d.side, d.ucr, d.day::text, v.block, v.message_id as "messageId"
from declaration d join consignment using (ucr) join declaration_version v on v.declaration = d.id and v.version = d.version
where d.party = $1 and d.side = any ($2)
order by d.id
