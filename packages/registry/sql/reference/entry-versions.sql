select list, code, valid_from::text, valid_to::text, end_only, parent, texts, items, key_items, groups, added_in, removed_in
from reference_entry where list = $1 and code = $2 order by added_in desc, valid_from desc
