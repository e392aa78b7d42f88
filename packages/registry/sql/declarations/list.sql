-- One page: of a trader his own only; by side, state and the beginning of a number or UCR where asked.
select d.id::text, d.side, d.party, d.key, d.number, d.ucr, d.version, d.state, d.trader, d.day::text, d.created_at, d.changed_at, d.kept_back,
  count(*) over ()::int as total
from declaration d
where ($1::text is null or d.trader = $1) and ($2::text[] is null or d.side = any ($2)) and ($3::text is null or d.state = $3)
  and ($4::text is null or d.ucr like $4 or d.number like $4)
order by d.changed_at desc, d.id desc
limit $5 offset $6
