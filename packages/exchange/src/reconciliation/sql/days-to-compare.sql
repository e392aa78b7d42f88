-- Of each of the partners in $1 the oldest of the days in $2 that is to be compared by itself: something was exchanged on it, and it was not
-- compared yet. Days since the last that was; where there is none yet, since the last of any partner, or $3. One at a time: with whom another
-- was wanted after $4 waits, since a partner answers so many within an hour. One that did not take a statement since $5 is not sent another
-- by itself: it does not reconcile, and each would lie parked.
with last as (
  select partner, max(day) as day, max(wanted_at) as wanted_at from reconciliation where automatic group by partner
)
select distinct on (party) party, wanted.day
from unnest($1::text[]) as party
cross join unnest($2::text[]) as wanted (day)
left join last on last.partner = party
cross join lateral (
  select from counted_message
  where partner = party and counted_at >= wanted.day::timestamp at time zone 'UTC'
    and counted_at < (wanted.day::timestamp + interval '1 day') at time zone 'UTC'
  limit 1) as something
where wanted.day >= least(coalesce(last.day, (select max(day) from last), $3), $3)
  and (last.wanted_at is null or last.wanted_at <= $4 or last.wanted_at > $6)
  and not exists (select from reconciliation as run where run.partner = party and run.day = wanted.day and automatic)
  and not exists (
    select from outbox
    where recipient = party and state = 'parked' and document_type = 'ReconciliationStatement' and created_at >= $5)
order by party, wanted.day
