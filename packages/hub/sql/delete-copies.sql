-- Up to $2 movements of which the last copy came before $1, with their copies. One of which a copy is just being taken is left for the next time.
with old as (
  select mrn from (
    select mrn from regional_movement where last_copy_at < $1 order by last_copy_at limit $2 for update skip locked
  ) as due
  where pg_try_advisory_xact_lock(hashtextextended('regional ' || mrn, 0))
), copies as (
  delete from regional_copy using old where regional_copy.mrn = old.mrn returning regional_copy.sender, regional_copy.came_as
), movements as (
  delete from regional_movement using old where regional_movement.mrn = old.mrn returning 1
)
select (select count(*) from movements)::int as movements, coalesce(sum(number), 0)::int as copies,
  coalesce(jsonb_object_agg(sender, messages) filter (where sender is not null), '{}') as came
from (select sender, count(*) as number, jsonb_agg(came_as) filter (where came_as is not null) as messages from copies group by sender) as by_sender
