select version, event, block, digest, message_id, actor, at, answer from declaration_version where declaration = $1 order by version
