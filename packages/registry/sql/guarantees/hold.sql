with held as (
  update guarantee set held = held + $3::numeric
  where grn = $1 and currency = $4 and reference_amount - held >= $3::numeric
  returning grn, held
)
insert into guarantee_entry (grn, mrn, op, amount, currency, held_after, at)
select grn, $2, 'hold', $3::numeric, $4, held, $5 from held
returning held_after
