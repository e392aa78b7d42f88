-- Whoever has one of the rows locked is settling it: it needs no lease, and to wait for it could become a circle.
update outbox set leased_until = $3
where id in (
  select id from outbox where id = any ($1::bigint[]) and lease = $2 and state in ('queued', 'sent') for update skip locked)
