insert into declaration (side, party, key, number, ucr, version, state, trader, day, created_at, changed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
returning id::text
