-- Members ($1) and whoever else has sent copies. $2: since when copies are counted and their delay is measured.
with told as (
  select sender, count(*)::int as copies_of_day,
    percentile_cont(0.5) within group (order by extract(epoch from received_at - said_at)) as p50,
    percentile_cont(0.9) within group (order by extract(epoch from received_at - said_at)) as p90
  from regional_copy where received_at >= $2 group by sender
)
select party, coalesce(copies, 0)::int as copies, last_copy_at, last_said_at, coalesce(copies_of_day, 0) as copies_of_day,
  round(p50::numeric, 1)::float8 as lag_p50, round(p90::numeric, 1)::float8 as lag_p90,
  coalesce(refused, 0)::int as refused, last_refused_at, last_refusal
from (select unnest($1::text[]) as party union select party from regional_member) as known
left join regional_member using (party)
left join told on told.sender = party
order by party
