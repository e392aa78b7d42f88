-- One round trip: the guard of the UPDATE decides who is first, and what it moved is entered.
with known as (
  select from guarantee_transaction where grn = $1 and coalesce(mrn, '') = $2 and op = 'lock' and document = $6
), moved as (
  update guarantee set available = available - $3::numeric, locked = locked + $3::numeric,
    used_by = case when $14::boolean then $2 else used_by end
  where grn = $1 and currency = $4 and available >= $3::numeric and (not $14::boolean or coalesce(used_by, $2) = $2) and not exists (select from known)
    and not exists (select from guarantee_lock where grn = $1 and mrn = $2 and state <> 'closed')
  returning available, locked, liable
), entered as (
  insert into guarantee_transaction
    (grn, op, debit, credit, amount, currency, mrn, office, document, document_type, reason, actor, at,
     asked_amount, asked_currency, asked_rate, available_after, locked_after, liable_after)
  select $1, 'lock', 'available', 'locked', $3::numeric, $4, $2, $5, $6, $7, $8, $9, $10, $11, $12, $13, available, locked, liable
  from moved
  returning id
), opened as (
  insert into guarantee_lock (id, grn, mrn, amount, state) select id, $1, $2, $3::numeric, 'locked' from entered
)
select case when exists (select from entered) then 'entered' when exists (select from known) then 'repeated' else 'refused' end as outcome
