select id::text from message_batch where act = $1 and digest = $2 and state in ('requested', 'approved')
