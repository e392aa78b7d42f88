with old as (
  select number from border.access_log where at < clock_timestamp() - make_interval(days => $1) limit $2
), gone as (
  delete from border.access_log l using old where l.number = old.number returning 1
)
select count(*) as gone from gone
