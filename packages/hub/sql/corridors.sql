-- Movements by where they go from and to. $1 is today, $2 since when transit times are measured.
with open as (
  select departure, coalesce(destination, '') as destination, count(*)::int as under_way, (count(*) filter (where limit_date < $1::date))::int as late
  from regional_movement where state in ('released', 'crossed', 'enquiry') group by 1, 2
), hours as (
  select departure, coalesce(destination, '') as destination, count(*)::int as measured,
    percentile_cont(array[0.5, 0.9]) within group (order by (extract(epoch from arrived_at - released_at) / 3600)::float8) as of_arrival
  from regional_movement where arrived_at >= $2::timestamptz and arrived_at >= released_at group by 1, 2
), countries as (
  select departure, destination, array_agg(country order by country) as transit
  from regional_corridor_transit where movements > 0 group by 1, 2
)
select departure, nullif(destination, '') as destination, coalesce(transit, '{}') as transit, movements::int as movements,
  coalesce(under_way, 0) as under_way, coalesce(late, 0) as late, arrived::int as arrived, invalidated::int as invalidated,
  contradicted::int as contradicted, round(of_arrival[1]::numeric, 1)::float8 as hours_p50, round(of_arrival[2]::numeric, 1)::float8 as hours_p90,
  coalesce(measured, 0) as measured
from regional_corridor
left join open using (departure, destination)
left join hours using (departure, destination)
left join countries using (departure, destination)
where movements > 0
order by movements desc, departure, nullif(destination, '')
