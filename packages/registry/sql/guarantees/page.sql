select id, grn, op, debit, credit, amount, currency, asked_amount, asked_currency, asked_rate, mrn, office, document, document_type,
  reason, actor, at, available_after, locked_after, liable_after
from guarantee_transaction where grn = $1 and ($2::bigint is null or id < $2::bigint) order by id desc limit $3
