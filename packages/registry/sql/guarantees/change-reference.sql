-- The reference amount is raised or reduced ($2) by $3; what movements have locked cannot be taken away.
with known as (
  select from guarantee_transaction where grn = $1 and coalesce(mrn, '') = '' and op = $2 and document = $6
), moved as (
  update guarantee set reference_amount = reference_amount + signed, available = available + signed, version = version + 1
  from (select case $2 when 'raise' then $3::numeric else -$3::numeric end as signed) as change
  where grn = $1 and currency = $4 and available + signed >= 0 and not exists (select from known)
  returning available, locked, liable
), entered as (
  insert into guarantee_transaction
    (grn, op, debit, credit, amount, currency, office, document, document_type, reason, actor, at,
     available_after, locked_after, liable_after)
  select $1, $2, case $2 when 'raise' then 'reference' else 'available' end, case $2 when 'raise' then 'available' else 'reference' end,
    $3::numeric, $4, $5, $6, $7, $8, $9, $10, available, locked, liable
  from moved
  returning id
)
select case when exists (select from entered) then 'entered' when exists (select from known) then 'repeated' else 'refused' end as outcome
