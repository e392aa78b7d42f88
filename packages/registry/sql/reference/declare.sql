insert into reference_list (id, names, source, version, owner, kind, illustrative, completeness, note, country)
select id, names, source, version, owner, kind, illustrative, completeness, note, country
from json_to_recordset($1::json) as head (id text, names text[], source text, version text, owner text, kind text,
  illustrative boolean, completeness text, note text, country text)
on conflict (id) do nothing
