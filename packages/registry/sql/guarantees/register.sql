with registered as (
  insert into guarantee (grn, holder, type, currency, reference_amount, available, locked, valid_from, valid_to, not_valid_in, terms)
  values ($1, $2, $3, $4, $5, $5, 0, $6, $7, $8, $9)
  on conflict (grn) do nothing
  returning grn, currency, reference_amount
), coded as (
  insert into guarantee_access_code (grn, digest, master, set_at)
  select grn, $10, true, $11 from registered where $10::bytea is not null
)
insert into guarantee_transaction
  (grn, op, debit, credit, amount, currency, office, document, document_type, actor, at, available_after, locked_after, liable_after)
select grn, 'open', 'reference', 'available', reference_amount, currency, $12, $13, $14, $15, $11, reference_amount, 0, 0
from registered
returning id
