-- An import of ours that the national system registered, whatever its declarant calls it now.
select id::text, side, party, key, number, ucr, version, state, trader, day::text, created_at, changed_at, kept_back
from declaration where side = $1 and party = $2 and number = $3 order by id limit 1 for update
