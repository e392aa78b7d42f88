-- Differences of the comparison $1 after the place ($2, $3), message by message, with what is here of each now.
select difference.direction, difference.message_id, kind, encode(digest, 'hex') as digest, told,
  coalesce(own.conversation, returned.conversation, came.conversation) as conversation,
  coalesce(own.document_type, returned.document_type, came.document_type) as document_type,
  coalesce(own.state, came.state) as state, coalesce(own.at, returned.returned_at, came.received_at) as at,
  case
    when kind in ('missing-there', 'no-receipt') then own.state = 'receipted' and own.receipted_at > run.compared_at
    when kind = 'unknown-here' then returned.message_id is not null
    when kind = 'missing-here' then came.message_id is not null
    when kind = 'under-way' then coalesce(own.state = 'receipted', came.message_id is not null)
    else false
  end is true as settled,
  returned.message_id is not null as returned
from reconciliation_difference as difference
join reconciliation as run on run.number = difference.reconciliation
left join lateral (
  select conversation, document_type, state, receipted_at, coalesce(receipted_at, first_sent_at, created_at) as at
  from (select * from outbox where outbox.message_id = difference.message_id offset 0) as sent
  where difference.direction = 'out' and recipient = run.partner
) as own on true
left join lateral (
  select message_id, conversation, document_type, returned_at from returned_message
  where difference.direction = 'out' and partner = run.partner and returned_message.message_id = difference.message_id
) as returned on true
left join lateral (
  select message_id, conversation, document_type, state, received_at from inbox
  where difference.direction = 'in' and sender = run.partner and inbox.message_id = difference.message_id
) as came on true
where difference.reconciliation = $1 and (difference.direction, difference.message_id) > ($2, $3)
order by difference.direction, difference.message_id
limit $4
