-- Of each list ($1, or all): how many entries are in force on the day $2, and the first day after it on which that is otherwise.
select l.id as list,
  count(*) filter (where $2::date between e.valid_from and e.valid_to) as in_force,
  least(
    min(e.valid_from) filter (where e.valid_from > $2::date),
    min(e.valid_to + 1) filter (where isfinite(e.valid_to) and e.valid_to >= $2::date))::text as next_change
from reference_list l left join reference_entry e
  on e.list = l.id and e.added_in <= l.published and (e.removed_in is null or e.removed_in > l.published)
where $1::text is null or l.id = $1
group by l.id
