update declaration set number = coalesce($2, number), version = $3, state = $4, trader = $5, changed_at = $6 where id = $1
