insert into journal (at, kind, conversation, message_id, actor, detail) values ($1, 'message.tried', $2, $3, $4, $5)
