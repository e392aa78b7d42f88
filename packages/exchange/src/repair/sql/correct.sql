with again as (
  update inbox set state = 'received', tries = 0, waits = 0, wait_until = null, due_at = $2, turn = $2, reason = null, correction = batch
  from message_correction
  where inbox.id = any ($1::bigint[]) and state = 'parked' and batch = ($4::jsonb ->> 'batch')::bigint and message = inbox.id
  returning inbox.id, conversation, message_id, original_digest, document_digest
)
insert into journal (at, kind, conversation, message_id, actor, detail)
select $2, 'message.corrected', conversation, message_id, $3, $4::jsonb || jsonb_build_object('box', 'inbox',
  'before', encode(original_digest, 'hex'), 'after', encode(document_digest, 'hex'))
from again order by id
returning message_id
