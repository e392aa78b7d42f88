update reconciliation set pages = $2, opened = coalesce($3::jsonb, opened), their_total = coalesce($4::jsonb, their_total)
where number = $1
