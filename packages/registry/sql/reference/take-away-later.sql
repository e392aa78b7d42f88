-- What came after the version $2 is not in the version to come.
update reference_entry e set removed_in = h.latest + 1
from reference_list h
where h.id = $1 and e.list = $1 and e.removed_in is null and e.added_in > $2
