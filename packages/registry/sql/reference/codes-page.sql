-- What checks need of a page of a version: days, and what the code is called in English or, without that, in any language.
select code, valid_from::text, valid_to::text,
  coalesce(called ->> 'en', called ->> '', (select value from json_each_text(called) limit 1), '') as text
from (
  select code, valid_from, valid_to, coalesce(names, texts) as called
  from reference_entry
  where list = $1 and added_in <= $2 and (removed_in is null or removed_in > $2) and (code, valid_from) > ($3, $4::date)
  order by code, valid_from
  limit $5
) entry
order by code, valid_from
