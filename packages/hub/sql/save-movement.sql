with saved as (
  insert into regional_movement (mrn, departure, destination, transit, office_of_departure, office_of_destination, arrived_in, state,
    released_at, limit_date, arrived_at, ended_at, last_told_at, contradictions, last_copy_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::jsonb, $20)
  on conflict (mrn) do update set departure = excluded.departure, destination = excluded.destination, transit = excluded.transit,
    office_of_departure = excluded.office_of_departure, office_of_destination = excluded.office_of_destination,
    arrived_in = excluded.arrived_in, state = excluded.state, released_at = excluded.released_at, limit_date = excluded.limit_date,
    arrived_at = excluded.arrived_at, ended_at = excluded.ended_at, last_told_at = excluded.last_told_at,
    contradictions = excluded.contradictions, last_copy_at = excluded.last_copy_at
)
-- A use that was told is never untold: a later request may only change it.
insert into regional_guarantee (mrn, grn, country, currency, amount, in_use)
select $1, grn, country, currency, amount::numeric, in_use
from unnest($15::text[], $16::text[], $17::text[], $18::text[], $19::boolean[]) as use (grn, country, currency, amount, in_use)
on conflict (mrn, grn) do update set country = excluded.country, currency = excluded.currency, amount = excluded.amount,
  in_use = excluded.in_use
