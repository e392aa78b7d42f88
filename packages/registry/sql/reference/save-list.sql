update reference_list as list
set names = head.names, source = head.source, version = head.version, owner = head.owner, kind = head.kind,
  illustrative = head.illustrative, completeness = head.completeness, note = head.note,
  country = coalesce(head.country, list.country)
from json_to_record($1::json) as head (id text, names text[], source text, version text, owner text, kind text,
  illustrative boolean, completeness text, note text, country text)
where list.id = head.id
returning list.id
