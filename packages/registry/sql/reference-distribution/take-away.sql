-- Takes the given entries away with the version to come.
with given as (
  select code, coalesce(nullif(valid_from, ''), '-infinity')::date as valid_from
  from json_to_recordset($2::json) as row (code text, valid_from text)
)
update reference_entry e set removed_in = h.latest + 1
from given g, reference_list h
where h.id = $1 and e.list = $1 and e.code = g.code and e.valid_from = g.valid_from and e.removed_in is null
