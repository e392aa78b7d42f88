select f.id::text, f.origin, f.file, f.document_type, f.document_reference, f.item, f.version, f.replaces, f.name, f.media_type, f.size, f.digest,
  f.added_by, f.added_at, f.request, f.received_at,
  exists (select from movement_file later where later.origin = f.origin and later.mrn = f.mrn and later.replaces = f.file) as superseded
from movement_file f
where f.movement = $1
order by f.document_type, f.document_reference, f.added_at, f.id
