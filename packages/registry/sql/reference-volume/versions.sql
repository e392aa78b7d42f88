-- Every version with what it brought and took away. Months are those of the zone $1; a version that is being prepared has the month from
-- which it is meant. Bytes are those of the entries as they travel in JSON, the names of members included (about 90).
with touched as (
  select list, added_in as number, code, 1 as added, 0 as removed,
    octet_length(texts::text) + octet_length(items::text) + octet_length(groups::text) + octet_length(code) + 90 as bytes
  from reference_entry
  union all
  select list, removed_in, code, 0, 1, 0 from reference_entry where removed_in is not null
), sums as (
  select list, number, sum(added) as added, sum(removed) as removed, count(distinct code) as changes, sum(bytes) as bytes
  from touched group by list, number
)
select v.list, l.owner, v.number, v.state = 'published' as published,
  case when v.state = 'published' then to_char(v.published_at at time zone $1, 'YYYY-MM') else to_char(v.effective, 'YYYY-MM') end
    as month,
  coalesce(s.added, 0)::int as added, coalesce(s.removed, 0)::int as removed, coalesce(s.changes, 0)::int as changes,
  coalesce(s.bytes, 0)::float8 as bytes
from reference_version v
  join reference_list l on l.id = v.list
  left join sums s on s.list = v.list and s.number = v.number
order by v.list, v.number
