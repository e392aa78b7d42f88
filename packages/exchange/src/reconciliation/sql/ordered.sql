update reconciliation set repair = $2, ordered_at = $3 where number = $1
