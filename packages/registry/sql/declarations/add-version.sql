insert into declaration_version (declaration, version, event, block, digest, handed, message_id, actor, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
