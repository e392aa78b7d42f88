-- Movements that are in none of the states $3 and whose document has one of the codes $2 at one of the paths $1.
select distinct m.mrn, m.role, m.office, m.state, found.value #>> '{}' as code
from movement m
  cross join unnest($1::text[]) as path
  cross join lateral jsonb_path_query(m.data -> 'record', path::jsonpath) as found (value)
where m.state <> all ($3) and found.value #>> '{}' = any ($2)
order by m.mrn, m.role, m.office, code
limit $4
