insert into reference_staging (line, list, code, valid_from, valid_to, end_only, parent, texts, names, items, key_items, groups,
  digest, words)
select line, list, code, valid_from, valid_to, end_only, parent, texts, names, items, key_items, groups, digest,
  array_to_tsvector(words)
from json_to_recordset($1::json) as row (line int, list text, code text, valid_from date, valid_to date, end_only boolean,
  parent text, texts json, names json, items json, key_items smallint, groups json, digest text, words text[])
