-- Messages of ours to the partner $1. `kept`: the document is still here.
select id::text, message_id, conversation, document_type, link, state, receipted_at, receipt, length(payload) > 0 as kept
from outbox
where message_id = any ($2::text[]) and recipient = $1 and link in ('as4', 'carried')
order by id
for update
