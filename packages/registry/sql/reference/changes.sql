select list, code, valid_from::text, valid_to::text, end_only, parent, texts, items, key_items, groups, (added_in > $2) as is_added
from reference_entry
where list = $1 and (
  added_in > $2 and added_in <= $3 and (removed_in is null or removed_in > $3)
  or added_in <= $2 and removed_in > $2 and removed_in <= $3)
order by code, valid_from
