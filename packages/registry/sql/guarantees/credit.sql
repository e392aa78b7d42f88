with hold as (
  select grn, amount, currency from guarantee_entry where grn = $1 and mrn = $2 and op = 'hold'
), credited as (
  update guarantee set held = guarantee.held - hold.amount from hold where guarantee.grn = hold.grn
  returning guarantee.grn, guarantee.held, hold.amount, hold.currency
)
insert into guarantee_entry (grn, mrn, op, amount, currency, held_after, at)
select grn, $2, 'credit', amount, currency, held, $3 from credited
returning held_after
