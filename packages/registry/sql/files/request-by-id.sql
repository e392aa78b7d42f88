select id::text, direction, party, request, mrn, office, asked_by, asked_at, document_type, document_reference, reason, state, code, note,
  files, fates, settled_by, settled_at
from file_request where id = $1 and mrn = $2
for update
