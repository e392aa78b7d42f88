-- The export from whose draft an import was lodged, locked.
select d.id::text, d.side, d.party, d.key, d.number, d.ucr, d.version, d.state, d.trader, d.day::text, d.created_at, d.changed_at, d.kept_back
from declaration d join import_draft i on i.declaration = d.id where i.import = $1
for update of d
