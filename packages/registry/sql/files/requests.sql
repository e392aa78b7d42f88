select id::text, direction, party, request, mrn, office, asked_by, asked_at, document_type, document_reference, reason, state, code, note,
  files, fates, settled_by, settled_at
from file_request where mrn = $1
order by asked_at desc, id desc
