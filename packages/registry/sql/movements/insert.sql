insert into movement (role, office, mrn, lrn, trader, state, data, summary, search, needs_act, secrets, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
returning id, version
