-- What is counted of a month ($1, yyyy-mm) by country; days are those where the offices are ($2, IANA time zone).
with happened (type, country, day) as (
  select 'DEP1', left(data #>> '{record,CustomsOfficeOfDestinationDeclared,referenceNumber}', 2), data ->> 'releaseDate'
  from movement where role = 'departure' and data ? 'releaseDate'
  union all
  select 'WOF1', left(data #>> '{record,CustomsOfficeOfDestinationDeclared,referenceNumber}', 2), data ->> 'writtenOffDate'
  from movement where role = 'departure' and data ? 'writtenOffDate'
  union all
  select 'INV1', left(data #>> '{record,CustomsOfficeOfDestinationDeclared,referenceNumber}', 2),
    ((data ->> 'invalidatedAt')::timestamp at time zone 'UTC' at time zone $2)::date::text
  from movement where role = 'departure' and data ? 'releaseDate' and data ? 'invalidatedAt'
  union all
  select 'REC1', left(data #>> '{record,CustomsOfficeOfDestinationDeclared,referenceNumber}', 2), data #>> '{recovery,since}'
  from movement where role = 'departure' and data ? 'recovery'
  union all
  select 'CRO1', substr(mrn, 3, 2), crossing ->> 'date'
  from movement cross join lateral jsonb_array_elements(data -> 'crossings') as crossing
  where role = 'transit' and data ? 'crossings'
  union all
  select 'ARR1', substr(mrn, 3, 2), ((data #>> '{arrival,at}')::timestamp at time zone 'UTC' at time zone $2)::date::text
  from movement where role = 'destination' and data ? 'arrival'
)
select type, country, count(*)::int as count from happened
where left(day, 7) = $1
group by type, country
order by type, country
