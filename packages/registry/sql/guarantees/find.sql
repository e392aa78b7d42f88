-- used_by: another movement that has used it, or does; a cancelled use is none.
select grn, holder, type, currency, reference_amount, available, locked, liable, not_valid_in, terms, state, version,
  valid_from::text, valid_to::text, invalid_from::text,
  (valid_from <= $2::date and (valid_to is null or valid_to >= $2::date) and (invalid_from is null or invalid_from > $2::date)) as valid,
  array(select digest from guarantee_access_code code where code.grn = guarantee.grn) as digests,
  array(select digest from guarantee_access_code code where code.grn = guarantee.grn and master) as master_digests,
  (select mrn from guarantee_lock use where use.grn = guarantee.grn and use.mrn <> $3 and not cancelled limit 1) as used_by
from guarantee where grn = any ($1) order by grn
