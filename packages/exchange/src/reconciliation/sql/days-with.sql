-- Of the partners in $1 those with whom something was exchanged in the time from $2 to $3, and whose day $4 was not compared yet. One that did
-- not take a statement since $5 is not sent another by itself: it does not reconcile, and each would lie parked.
select party from unnest($1::text[]) as party
where exists (select from counted_message where partner = party and counted_at >= $2 and counted_at < $3)
  and not exists (select from reconciliation where partner = party and day = $4 and automatic)
  and not exists (
    select from outbox
    where recipient = party and state = 'parked' and document_type = 'ReconciliationStatement' and created_at >= $5)
