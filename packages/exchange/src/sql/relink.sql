-- What is owed to a partner goes the way by which it is reached now; bytes that were sealed for the other way are sealed anew. So does what
-- is parked, for a person may have it sent again.
with known as (
  select * from unnest($1::text[], $2::text[]) as known (party, link)
), parked as (
  update outbox set link = known.link from known
  where outbox.link in ('as4', 'carried') and outbox.state = 'parked' and recipient = party and outbox.link <> known.link
)
update outbox set link = known.link from known
where outbox.link in ('as4', 'carried') and outbox.state in ('queued', 'sent') and recipient = party and outbox.link <> known.link
