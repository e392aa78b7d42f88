-- The report that a warning answers, by the id of its message; without one the last report of the month.
update statistics_report set warnings = warnings || $3::jsonb
where id = (
  select id from statistics_report where message_id = $1 or ($1 = '' and month = $2) order by id desc limit 1
)
returning month
