select id::text, state, requested_by, requested_name from message_batch where id = $1 for update
