select id, grn, op, debit, credit, amount, currency, asked_amount, asked_currency, asked_rate, mrn, office, document, document_type,
  reason, actor, at, available_after, locked_after, liable_after
from guarantee_transaction where ($1 = '' or grn = $1) order by id
