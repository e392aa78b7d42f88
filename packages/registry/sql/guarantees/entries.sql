select grn, mrn, op, amount, currency, held_after, at from guarantee_entry where ($1 = '' or grn = $1) order by id
