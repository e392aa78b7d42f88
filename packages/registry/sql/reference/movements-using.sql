-- Movements that are in none of the states $3 and whose document has one of the codes $2 at one of the paths $1.
select distinct m.mrn, m.role, m.office, m.state, found.value #>> '{}' as code
from (
    -- Unpacked once for all paths.
    select mrn, role, office, state, data -> 'record' as record from movement where state <> all ($3) offset 0
  ) m
  cross join unnest($1::text[]) as path
  cross join lateral jsonb_path_query(m.record, path::jsonpath) as found (value)
where found.value #>> '{}' = any ($2)
order by m.mrn, m.role, m.office, code
limit $4
