select id, mrn, lrn, state, summary, needs_act, updated_at, count(*) over () as total
from movement
where role = $1 and office = $2
  and ($3 = '' or search ilike '%' || $3 || '%')
  and ($4 = '' or state = $4)
order by needs_act desc, updated_at desc, id desc
limit $5 offset $6
