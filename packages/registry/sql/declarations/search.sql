-- One page of some sides and states whose number or UCR begins as asked: from $3, below $4. Bounds instead of a pattern: their index is taken
-- whatever the plan knows of the pattern. Of more than $7 hits only their number comes.
with found as materialized (
  select id, side, state, changed_at from declaration
  where (ucr ~>=~ $3 and ucr ~<~ $4) or (number ~>=~ $3 and number ~<~ $4)
  limit $7::int + 1
), counted as (
  select count(*)::int as hits, count(*) filter (where side = any ($1) and state = any ($2))::int as total from found
), page as (
  select found.id from found, counted
  where side = any ($1) and state = any ($2) and hits <= $7
  order by changed_at desc, found.id desc limit $5 offset $6
)
select d.id::text, d.side, d.party, d.key, d.number, d.ucr, d.version, d.state, d.trader, d.day::text, d.created_at, d.changed_at, d.kept_back,
  counted.hits, counted.total
from counted left join (page join declaration d on d.id = page.id) on true
order by d.changed_at desc, d.id desc
