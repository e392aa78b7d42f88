with old as (
  select sender, id from border.object
  where dealt_as is not null and dealt_at < clock_timestamp() - make_interval(days => $1)
  limit $2 for update skip locked
), gone as (
  delete from border.object o using old where o.sender = old.sender and o.id = old.id returning 1
)
select count(*) as gone from gone
