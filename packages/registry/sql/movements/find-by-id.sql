select id, role, office, mrn, lrn, trader, state, version, data, secrets, created_at, updated_at
from movement where id = $1 and role = $2 and office = $3
for update
