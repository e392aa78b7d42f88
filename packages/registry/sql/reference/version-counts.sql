-- What each version of the list $1, or the version $2 alone, did to the codes.
with touched as (
  select added_in as number, code from reference_entry where list = $1 and ($2::int is null or added_in = $2)
  union
  select removed_in, code from reference_entry where list = $1 and removed_in is not null and ($2::int is null or removed_in = $2)
), code as (
  select t.number, t.code,
    bool_or(e.added_in < t.number) as was,
    bool_or(e.added_in < t.number and e.valid_to = 'infinity') as was_open,
    bool_or(e.removed_in is distinct from t.number and e.valid_to = 'infinity') as is_open
  from touched t join reference_entry e on e.list = $1 and e.code = t.code
    and e.added_in <= t.number and (e.removed_in is null or e.removed_in >= t.number)
  group by t.number, t.code
)
select number,
  count(*) filter (where not was) as added,
  count(*) filter (where was and not (was_open and not is_open)) as changed,
  count(*) filter (where was and was_open and not is_open) as ended
from code group by number
