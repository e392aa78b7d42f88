-- What is here of messages that a partner ($1) asks about, of whichever day: what it sent is in the inbox, what it had is in the outbox. On
-- `offset 0` see judge-listed.sql.
select given.direction, given.message_id,
  case when own.digest is null then 'absent' when own.digest = given.digest then 'same' else 'other' end as known
from unnest($2::text[], $3::text[], $4::bytea[]) as given (direction, message_id, digest)
left join lateral (
  select payload_digest as digest from inbox
  where given.direction = 'in' and sender = $1 and inbox.message_id = given.message_id
  union all
  select payload_digest from (select * from outbox where outbox.message_id = given.message_id offset 0) as sent
  where given.direction = 'out' and recipient = $1 and link in ('as4', 'carried')
  union all
  select payload_digest from returned_message as returned
  where given.direction = 'out' and partner = $1 and returned.message_id = given.message_id
  limit 1
) as own on true
