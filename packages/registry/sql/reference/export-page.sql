select list, code, valid_from::text, valid_to::text, end_only, parent, texts, items, key_items, groups
from reference_entry
where list = $1 and added_in <= $2 and (removed_in is null or removed_in > $2) and (code, valid_from) > ($3, $4::date)
order by code, valid_from
limit $5
