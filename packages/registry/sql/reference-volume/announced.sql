-- Codes that begin, end or change after the day $1, by what is in use, up to the day $2; by the month in which they do. One that ends
-- and goes on the next day is one change.
with live as (
  select e.list, e.code, e.valid_from, e.valid_to
  from reference_entry e join reference_list l on l.id = e.list
  where e.added_in <= l.published and (e.removed_in is null or e.removed_in > l.published)
), turns as (
  select list, code, valid_from as day from live where valid_from > $1::date and valid_from <= $2::date
  union
  select list, code, valid_to + 1 from live where isfinite(valid_to) and valid_to >= $1::date and valid_to < $2::date
)
select list, to_char(day, 'YYYY-MM') as month, count(*)::int as changes from turns group by 1, 2 order by 1, 2
