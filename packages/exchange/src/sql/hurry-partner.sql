-- A partner that was away answers again: what waited out its back-off goes now. A row that is locked is being sent or settled.
update outbox set due_at = $2
where id in (
  select id from outbox
  where recipient = $1 and link in ('as4', 'carried') and state in ('queued', 'sent') and due_at > $2
    and (leased_until is null or leased_until <= $2)
  for update skip locked)
