select count(*) as times from reconciliation where partner = $1 and role = 'theirs' and wanted_at > $2
