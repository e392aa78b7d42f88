select id::text, 'in' as direction, link, message_id, sender, recipient, conversation, document_type, ref_to, state, tries, reason,
  received_at as at, null::timestamptz as first_sent_at, null::timestamptz as receipted_at, done_at, id as place
from inbox where conversation = any ($1::text[])
union all
select id::text, 'out', link, message_id, sender, recipient, conversation, document_type, ref_to, state, tries, reason,
  created_at, first_sent_at, receipted_at, null, id
from outbox where conversation = any ($1::text[])
order by at, direction desc, place
