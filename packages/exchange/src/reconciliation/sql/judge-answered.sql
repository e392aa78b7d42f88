-- What the partner $2 says of messages that it was asked about: what it has is no difference. $6: when the comparison began; a receipt that
-- is younger may be for a message that the partner did not have when it answered.
with given as (
  select * from unnest($3::text[], $4::text[], $5::text[]) as given (direction, message_id, known)
), same as (
  delete from reconciliation_difference as difference using given
  where reconciliation = $1 and kind = 'question' and given.known = 'same'
    and difference.direction = given.direction and difference.message_id = given.message_id
)
update reconciliation_difference as difference set kind =
  case
    when given.known = 'other' then 'differs'
    when given.direction = 'in' then 'unknown-there'
    when exists (
      select from (select * from outbox where outbox.message_id = given.message_id offset 0) as sent
      where recipient = $2 and state = 'receipted' and receipted_at < $6
    ) or exists (
      select from returned_message as returned where partner = $2 and returned.message_id = given.message_id
    ) then 'missing-there'
    else 'under-way'
  end
from given
where reconciliation = $1 and kind = 'question' and given.known <> 'same'
  and difference.direction = given.direction and difference.message_id = given.message_id
