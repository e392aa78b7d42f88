select id::text, at, kind, conversation, message_id, actor, office, detail from journal where message_id = $1 order by journal.id limit 1000
