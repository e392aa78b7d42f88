select grn, holder, type, currency, reference_amount, available, locked, liable, state, valid_from::text, valid_to::text, invalid_from::text,
  (valid_from <= $2::date and (valid_to is null or valid_to >= $2::date) and (invalid_from is null or invalid_from > $2::date)) as valid,
  (select count(*) from guarantee_lock use where use.grn = guarantee.grn and use.state <> 'closed') as open,
  count(*) over () as total
from guarantee
where $1 = '' or grn ilike '%' || $1 || '%' or holder ilike '%' || $1 || '%'
order by grn limit $3 offset $4
