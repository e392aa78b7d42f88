-- Comparisons, the newest first: with the partner $1, of the day $2, below the number $3.
select run.number, run.partner, run.role, run.day, run.state, run.repair, run.automatic, run.follows, run.actor, run.reason, run.refusal,
  run.own_total, run.their_total, coalesce((run.opened ->> 'differing')::int, 0) as parts, run.wanted_at, run.asked_at, run.compared_at,
  run.ordered_at, coalesce(found.kinds, '{}') as differences, coalesce(found.open, 0) as open
from reconciliation as run
left join lateral (
  select jsonb_object_agg(kind, count) as kinds, sum(open)::bigint as open
  from (
    select kind, count(*) as count, count(*) filter (where not settled) as open
    from (
      select kind, case
        when kind = 'under-way' or kind = 'question' then true
        when kind in ('missing-there', 'no-receipt') then exists (
          select from (select * from outbox where outbox.message_id = difference.message_id offset 0) as sent
          where state = 'receipted' and receipted_at > run.compared_at)
        when kind = 'unknown-here' then exists (
          select from returned_message as returned
          where returned.partner = run.partner and returned.message_id = difference.message_id)
        when kind = 'missing-here' then exists (
          select from inbox where sender = run.partner and inbox.message_id = difference.message_id)
        else false
      end as settled
      from reconciliation_difference as difference
      where reconciliation = run.number) as each
    group by kind) as kinds
) as found on true
where ($1::text is null or run.partner = $1) and ($2::text is null or run.day = $2) and ($3::bigint is null or run.number < $3)
  and ($4::bigint is null or run.number = $4) and ($6::bigint is null or run.follows = $6)
order by run.number desc
limit $5
