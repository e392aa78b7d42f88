-- Messages of ours to the partner $1. `kept`: the document is still here. On `offset 0` see judge-listed.sql.
select id::text, message_id, conversation, document_type, link, state, receipted_at, receipt, length(payload) > 0 as kept
from outbox
where id = any (array(
  select id from (select * from outbox where message_id = any ($2::text[]) offset 0) as named
  where recipient = $1 and link in ('as4', 'carried')))
order by id
for update
