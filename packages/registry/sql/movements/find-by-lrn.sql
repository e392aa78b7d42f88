select id, role, office, mrn, lrn, trader, state, version, data, secrets, created_at, updated_at
from movement where role = 'departure' and trader = $1 and lrn = $2
for update
