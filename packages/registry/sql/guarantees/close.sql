-- Credit or cancel of what is locked, liberation of what is liable ($3). The row lock makes the second of two closers find it closed.
-- What covers one movement covers another again when its movement does not use it (cancel, or CD204C for what is claimed).
with known as (
  select from guarantee_transaction where grn = $1 and coalesce(mrn, '') = $2 and op = $3 and document = $5
), closing as (
  select id, amount, state from guarantee_lock
  where grn = $1 and mrn = $2 and state <> 'closed' and state = case $3 when 'liberation' then 'liable' else 'locked' end and not exists (select from known)
  for update
), moved as (
  update guarantee set available = available + amount,
    locked = locked - case closing.state when 'locked' then amount else 0 end,
    liable = liable - case closing.state when 'liable' then amount else 0 end,
    used_by = case when $3 = 'cancel' or ($3 = 'liberation' and $6 = 'CD204C') then nullif(used_by, $2) else used_by end
  from closing where grn = $1
  returning closing.id, closing.state, amount, currency, available, locked, liable
), entered as (
  insert into guarantee_transaction
    (grn, op, debit, credit, amount, currency, mrn, office, document, document_type, reason, actor, at,
     available_after, locked_after, liable_after)
  select $1, $3, state, 'available', amount, currency, $2, $4, $5, $6, $7, $8, $9, available, locked, liable
  from moved
  returning id
), closed as (
  update guarantee_lock set state = 'closed', closed_by = entered.id
  from entered, moved where guarantee_lock.id = moved.id
)
select case when exists (select from entered) then 'entered' when exists (select from known) then 'repeated' else 'refused' end as outcome
