-- Codes that begin, end or change from the day $1 to the day $2, first $3 of them. One that ends and goes on the next day changes.
with live as (
  select e.list, e.code, coalesce(e.names, e.texts) as shown, e.valid_from, e.valid_to
  from reference_entry e join reference_list l on l.id = e.list
  where e.added_in <= l.published and (e.removed_in is null or e.removed_in > l.published)
    and (e.valid_from between $1::date and $2::date
      or isfinite(e.valid_to) and e.valid_to between $1::date - 1 and $2::date - 1)
), turns as (
  select list, code, shown, valid_from as day, true as begins from live where valid_from between $1::date and $2::date
  union all
  select list, code, shown, valid_to + 1, false from live
  where isfinite(valid_to) and valid_to between $1::date - 1 and $2::date - 1
)
select list, code, day::text,
  (array_agg(shown order by begins desc))[1] as shown,
  case when bool_and(begins) then 'begins' when bool_or(begins) then 'changes' else 'ends' end as what
from turns
group by list, code, day
order by day, list, code
limit $3
