-- One page of some sides and states, what changed last first, with the beginning of a number or UCR where one is asked for ($3). For each side
-- and state its own index is walked. TOTAL is counted up to $6 and one more, not further.
with kind as (
  select side, state from unnest($1::text[]) as side cross join unnest($2::text[]) as state
), walked as materialized (
  select line.id, line.changed_at from kind cross join lateral (
    select id, changed_at from declaration
    where side = kind.side and state = kind.state and ($3::text is null or ucr like $3 or number like $3)
    order by changed_at desc, id desc limit $6::int + 1
  ) as line
), page as (
  select id, (select count(*)::int from walked) as total from walked order by changed_at desc, id desc limit $4::int offset $5::int
)
select d.id::text, d.side, d.party, d.key, d.number, d.ucr, d.version, d.state, d.trader, d.day::text, d.created_at, d.changed_at, d.kept_back,
  page.total
from page join declaration d on d.id = page.id
order by d.changed_at desc, d.id desc
