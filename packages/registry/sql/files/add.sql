insert into movement_file (origin, file, movement, mrn, document_type, document_reference, item, version, replaces, name, media_type,
  size, digest, content, added_by, added_at, request, received_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
on conflict (origin, file) do nothing
returning id::text
