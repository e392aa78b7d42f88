-- The first $4 codes after $3 that the version $2 of the list $1 changes, with their entries before it and in it.
with touched as (
  select code from reference_entry where list = $1 and added_in = $2 and code > $3
  union
  select code from reference_entry where list = $1 and removed_in = $2 and code > $3
  order by code limit $4
)
select e.list, e.code, e.valid_from::text, e.valid_to::text, e.end_only, e.parent, e.texts, e.items, e.key_items, e.groups,
  e.added_in < $2 as was, e.removed_in is distinct from $2 as is_there
from touched t join reference_entry e on e.list = $1 and e.code = t.code
  and e.added_in <= $2 and (e.removed_in is null or e.removed_in >= $2)
order by e.code, e.valid_from, e.added_in
