select exists (select from declaration_version where handed = $1) as known
