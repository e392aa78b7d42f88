select grn, holder, type, currency, reference_amount, available, locked, liable, not_valid_in, terms, state, version, used_by,
  valid_from::text, valid_to::text, invalid_from::text,
  (valid_from <= $2::date and (valid_to is null or valid_to >= $2::date) and (invalid_from is null or invalid_from > $2::date)) as valid,
  array(select digest from guarantee_access_code code where code.grn = guarantee.grn) as digests,
  array(select digest from guarantee_access_code code where code.grn = guarantee.grn and master) as master_digests
from guarantee where grn = any ($1) order by grn
