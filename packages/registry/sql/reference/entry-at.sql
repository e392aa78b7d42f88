select e.list, code, valid_from::text, valid_to::text, end_only, parent, texts, items, key_items, groups
from reference_entry e join reference_list l on l.id = e.list
where e.list = $1 and e.code = $2 and e.added_in <= l.published and (e.removed_in is null or e.removed_in > l.published)
  and $3::date between e.valid_from and e.valid_to
