select count(*) as entries from guarantee_transaction where grn = $1
