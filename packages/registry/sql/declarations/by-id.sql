select id::text, side, party, key, number, ucr, version, state, trader, day::text, created_at, changed_at, kept_back
from declaration where id = $1
