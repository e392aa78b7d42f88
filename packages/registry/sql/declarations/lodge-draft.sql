update import_draft set import = $2, changes = $3 where declaration = $1
