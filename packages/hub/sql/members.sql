-- Members ($1) and whoever else has sent copies. $2: since when copies are counted and their delay is measured.
select party, coalesce(copies, 0)::int as copies, last_copy_at, last_said_at, told.copies_of_day,
  round(told.lags[1]::numeric, 1)::float8 as lag_p50, round(told.lags[2]::numeric, 1)::float8 as lag_p90,
  coalesce(refused, 0)::int as refused, last_refused_at, last_refusal
from (select unnest($1::text[]) as party union select party from regional_member) as known
left join regional_member using (party)
cross join lateral (
  select count(*)::int as copies_of_day,
    percentile_cont(array[0.5, 0.9]) within group (order by extract(epoch from received_at - said_at)::float8) as lags
  from regional_copy where sender = party and received_at >= $2
) as told
order by party
