-- Marks what came and is there just so.
update reference_staging s set same = e.id
from reference_entry e
where e.list = s.list and e.code = s.code and e.valid_from = s.valid_from and e.removed_in is null
  and e.valid_to = s.valid_to and e.end_only = s.end_only and e.digest = s.digest
