select id::text, at, kind, conversation, message_id, actor, office, detail
from journal
where conversation = any ($1::text[])
order by journal.id
