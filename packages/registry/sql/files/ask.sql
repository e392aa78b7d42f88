insert into file_request (direction, party, request, mrn, office, asked_by, asked_at, document_type, document_reference, reason, state)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
on conflict (direction, party, request) do nothing
returning id::text
