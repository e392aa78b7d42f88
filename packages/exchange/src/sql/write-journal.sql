insert into journal (at, kind, conversation, message_id, actor, office, detail)
select $1, kind, conversation, message_id, actor, office, detail
from jsonb_to_recordset($2::jsonb)
  as entry (kind text, conversation text, message_id text, actor text, office text, detail jsonb)
