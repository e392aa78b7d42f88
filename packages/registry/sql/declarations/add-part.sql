insert into shared_part (message_id, declaration, version) values ($1, $2, $3)
