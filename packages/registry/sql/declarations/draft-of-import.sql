select declaration::text from import_draft where import = $1
