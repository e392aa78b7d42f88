insert into national_result (id, declaration, kind, block, note, document, created_at) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (id) do nothing
