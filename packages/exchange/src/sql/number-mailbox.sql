-- Rows get their position when they are first seen, not when they are written: commits overtake one another, and a reader who has
-- moved past a number must never find a row appear below it.
update outbox set mailbox_position = fresh.position
from (
  select id, nextval('mailbox_position') as position from (
    select id from outbox where link = 'mailbox' and recipient = $1 and mailbox_position is null order by id) as unseen
) as fresh
where outbox.id = fresh.id
