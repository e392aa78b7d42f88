select party,
  (select max(receipted_at) from outbox where recipient = party and link in ('as4', 'carried') and state = 'receipted') as last_receipt_at,
  (select count(*) from outbox where recipient = party and link in ('as4', 'carried') and state in ('queued', 'sent')) as queued,
  (select min(created_at) from outbox where recipient = party and link in ('as4', 'carried') and state in ('queued', 'sent')) as oldest_unsent_at,
  (select count(*) from outbox where recipient = party and state = 'parked') as parked
from unnest($1::text[]) as party
