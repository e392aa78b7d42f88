-- What is owed to a partner goes the way by which it is reached now; bytes that were sealed for the other way are sealed anew.
update outbox set link = known.link
from unnest($1::text[], $2::text[]) as known (party, link)
where outbox.link in ('as4', 'carried') and outbox.state in ('queued', 'sent') and recipient = party and outbox.link <> known.link
