select id, role, office, mrn, lrn, trader, state, version, data, created_at, updated_at
from movement where mrn = $1 and mrn <> '' and role = $2 and data ->> 'trader' = $3
order by updated_at desc limit 1
