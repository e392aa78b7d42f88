-- What the version to come does to the codes of the lists $1.
with code as (
  select e.list, e.code,
    bool_or(e.added_in <= h.latest) as was,
    bool_or(e.added_in <= h.latest and e.valid_to = 'infinity') as was_open,
    bool_or(e.removed_in is null and e.valid_to = 'infinity') as is_open,
    bool_or(e.added_in > h.latest or e.removed_in is not null) as touched
  from reference_entry e join reference_list h on h.id = e.list
  where e.list = any ($1) and (e.removed_in is null or e.removed_in > h.latest)
  group by e.list, e.code
)
select list,
  count(*) filter (where touched and not was) as added,
  count(*) filter (where touched and was and not (was_open and not is_open)) as changed,
  count(*) filter (where touched and was and was_open and not is_open) as ended,
  count(*) filter (where not touched) as unchanged,
  count(*) filter (where was_open) as before
from code group by list order by list
