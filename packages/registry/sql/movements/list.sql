-- TOTAL is counted up to $5 and one more, not further.
select id, mrn, lrn, state, summary, needs_act, updated_at,
  (select count(*) from (select from movement where role = $1 and office = $2 limit $5 + 1) as counted) as total
from movement
where role = $1 and office = $2
order by needs_act desc, updated_at desc, id desc
limit $3 offset $4
