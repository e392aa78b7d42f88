-- Messages that this node knows only because the partner $1 gave them back, and that the partner has lost since: they are owed to it again under
-- their ids, by the link $3. They count to the day to which they did.
insert into outbox (message_id, link, sender, recipient, conversation, document_type, ref_to, payload, payload_digest, due_at, created_at,
  first_sent_at)
select message_id, $3, $4, partner, conversation, document_type, ref_to, payload, payload_digest, $5, made_at, made_at
from returned_message
where partner = $1 and message_id = any ($2::text[])
on conflict (message_id) do nothing
returning message_id, conversation, document_type
