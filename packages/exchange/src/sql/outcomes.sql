select message_id, state, reason from outbox where message_id = any ($1::text[])
