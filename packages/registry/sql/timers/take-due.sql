-- Both rows are locked, and skipped where somebody has them: the movement may be in the hands of a document at this moment.
with due as (
  select t.movement, t.timer, t.due
  from movement_timer t join movement m on m.id = t.movement
  where t.look_at <= $1 and t.paused_at is null
  order by t.look_at
  limit 1
  for update of t, m skip locked
), taken as (
  delete from movement_timer t using due where t.movement = due.movement and t.timer = due.timer
  returning t.movement, t.timer
)
select m.id, m.role, m.office, m.mrn, m.lrn, m.trader, m.state, m.version, m.data, m.secrets, m.created_at, m.updated_at,
  taken.timer
from taken join movement m on m.id = taken.movement
