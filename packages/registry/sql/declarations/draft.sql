select version, draft, complete, left_out, claimed_at, import::text, changes from import_draft where declaration = $1
