select id::text, direction, party, request, mrn, office, asked_by, asked_at, document_type, document_reference, reason, state, code, note,
  files, fates, settled_by, settled_at
from file_request where direction = $1 and party = $2 and request = $3
for update
