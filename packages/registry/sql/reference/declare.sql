insert into reference_list (id, names, source, version, owner, kind, illustrative, completeness, note)
select id, names, source, version, owner, kind, illustrative, completeness, note
from json_to_recordset($1::json) as head (id text, names text[], source text, version text, owner text, kind text,
  illustrative boolean, completeness text, note text)
on conflict (id) do nothing
