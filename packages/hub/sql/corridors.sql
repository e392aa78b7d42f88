-- Movements by where they go from and to. $1 is today, $2 since when transit times are measured.
with listed as (
  select *, state in ('released', 'crossed', 'enquiry') and limit_date < $1::date as is_late,
    case when arrived_at >= greatest(released_at, $2::timestamptz) then extract(epoch from arrived_at - released_at) / 3600 end as hours
  from regional_movement
), countries as (
  select departure, destination, array_agg(distinct country order by country) as transit
  from listed cross join lateral unnest(transit) as country group by departure, destination
)
select listed.departure, listed.destination, coalesce(countries.transit, '{}') as transit,
  count(*)::int as movements,
  (count(*) filter (where state in ('released', 'crossed', 'enquiry')))::int as under_way,
  (count(*) filter (where is_late))::int as late,
  (count(*) filter (where arrived_at is not null))::int as arrived,
  (count(*) filter (where state = 'invalidated'))::int as invalidated,
  (count(*) filter (where contradictions <> '[]'))::int as contradicted,
  round((percentile_cont(0.5) within group (order by hours))::numeric, 1)::float8 as hours_p50,
  round((percentile_cont(0.9) within group (order by hours))::numeric, 1)::float8 as hours_p90,
  count(hours)::int as measured
from listed
left join countries on countries.departure = listed.departure and countries.destination is not distinct from listed.destination
group by listed.departure, listed.destination, countries.transit
order by movements desc, listed.departure, listed.destination
