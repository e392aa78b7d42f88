update declaration_version set message_id = $3 where declaration = $1 and version = $2
