select id::text, side, party, key, number, ucr, version, state, trader, day::text, created_at, changed_at, kept_back
from declaration where ucr = $1 order by id
