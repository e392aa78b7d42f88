select grn, holder, type, currency, reference_amount, held, (reference_amount - held) as available, access_code_digest, not_valid_in,
  (valid_from <= $2::date and (valid_to is null or valid_to >= $2::date)) as valid
from guarantee where grn = any ($1)
