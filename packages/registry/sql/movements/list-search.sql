-- What is searched for is read once: its number and its page come of the same rows.
with found as materialized (
  select id, needs_act, updated_at from movement
  where role = $1 and office = $2 and search ilike '%' || $6 || '%' and ($7 = '' or state = $7)
), page as (
  select id, (select count(*) from found) as total from found order by needs_act desc, updated_at desc, id desc limit $3 offset $4
)
select movement.id, mrn, lrn, state, summary, movement.needs_act, movement.updated_at, least(page.total, $5 + 1) as total
from page join movement on movement.id = page.id
order by movement.needs_act desc, movement.updated_at desc, movement.id desc
