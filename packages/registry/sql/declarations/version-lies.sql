update declaration_version set block = $3, digest = $4, message_id = $5 where declaration = $1 and version = $2
