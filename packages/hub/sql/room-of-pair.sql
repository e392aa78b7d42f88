-- What is under way from $1 to $2 of kind $3, counted up to one more than $5 objects, with what was let in ($6, of $7 bytes) and is not known
-- yet; and whether the object $4 is known.
select (lying.objects + entered.objects)::int as objects, (lying.bytes + entered.bytes)::bigint as bytes,
  exists (select from forwarded_object where sender = $1 and id = $4) as known
from (
  select count(*) as objects, coalesce(sum(size), 0) as bytes from (
    select size from forwarded_object where state = 'under-way' and sender = $1 and addressee = $2 and kind = $3 limit $5 + 1
  ) as counted
) as lying, (
  select count(*) as objects, coalesce(sum(e.bytes), 0) as bytes from unnest($6::text[], $7::bigint[]) as e (id, bytes)
  where not exists (select from forwarded_object f where f.sender = $1 and f.id = e.id)
) as entered
