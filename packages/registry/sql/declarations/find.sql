select id::text, side, party, key, number, ucr, version, state, trader, day::text, created_at, changed_at, kept_back
from declaration where side = $1 and party = $2 and key = $3 for update
