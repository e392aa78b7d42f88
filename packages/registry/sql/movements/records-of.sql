select id, role, office, mrn, lrn, trader, state, version, data, created_at, updated_at
from movement where mrn = $1 and mrn <> '' order by id
