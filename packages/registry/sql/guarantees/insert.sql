insert into guarantee (grn, holder, type, currency, reference_amount, access_code_digest, valid_from, valid_to, not_valid_in)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (grn) do nothing
