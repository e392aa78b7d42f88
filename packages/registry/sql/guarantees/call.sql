-- What was locked is claimed: it waits for the guarantor, and the lock is not closed before that.
with known as (
  select from guarantee_transaction where grn = $1 and coalesce(mrn, '') = $2 and op = 'liability' and document = $4
), called as (
  update guarantee_lock set state = 'liable'
  where grn = $1 and mrn = $2 and state <> 'closed' and state = 'locked' and not exists (select from known)
  returning amount
), moved as (
  update guarantee set locked = locked - amount, liable = liable + amount
  from called where grn = $1
  returning amount, currency, available, locked, liable
), entered as (
  insert into guarantee_transaction
    (grn, op, debit, credit, amount, currency, mrn, office, document, document_type, reason, actor, at,
     available_after, locked_after, liable_after)
  select $1, 'liability', 'locked', 'liable', amount, currency, $2, $3, $4, $5, $6, $7, $8, available, locked, liable
  from moved
  returning id
)
select case when exists (select from entered) then 'entered' when exists (select from known) then 'repeated' else 'refused' end as outcome
