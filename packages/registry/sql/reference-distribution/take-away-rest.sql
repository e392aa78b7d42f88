-- Takes away with the version to come all that did not come again.
update reference_entry e set removed_in = h.latest + 1
from reference_list h
where h.id = $1 and e.list = $1 and e.removed_in is null
  and not exists (select from reference_staging s where s.list = e.list and s.code = e.code and s.same = e.id)
