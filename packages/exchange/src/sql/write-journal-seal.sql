insert into journal_seal (number, first_tx, end_tx, entries, root, previous, hash, sealed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
