select last.number
from unnest($1::text[]) as party
cross join lateral (
  select number from reconciliation
  where partner = party and role = 'ours' and state = 'compared' order by number desc limit 1) as last
