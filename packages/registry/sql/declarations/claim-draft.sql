update import_draft set claimed_at = $2 where declaration = $1
