select id::text, side, party, key, number, ucr, version, state, trader, day::text, created_at, changed_at
from declaration where id = any ($1::bigint[]) order by changed_at desc, id desc
