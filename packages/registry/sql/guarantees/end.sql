update guarantee set state = $2, invalid_from = $3, terms = $4, version = version + 1 where grn = $1
