select
  (select count(*) from inbox where state in ('received', 'waiting')) as inbox,
  (select count(*) from outbox where link in ('as4', 'carried') and state in ('queued', 'sent')) as outbox,
  (select count(*) from inbox where state = 'parked') as parked_in,
  (select count(*) from outbox where state = 'parked') as parked_out,
  (select min(received_at) from inbox where state in ('received', 'waiting')) as oldest_undecided_at,
  (select min(created_at) from outbox where link in ('as4', 'carried') and state in ('queued', 'sent')) as oldest_unreceipted_at
