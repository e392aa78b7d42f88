-- A repair that has come to its end, or has had its time ($1): whoever waits longer is looked at by the next comparison.
select number, run.run, partner, day, actor, reason, opened from reconciliation as run
where role = 'ours' and repair = 'ordered' and (ordered_at < $1 or not exists (
  select from reconciliation_difference as difference
  where reconciliation = run.number and told is null
    and kind in ('missing-there', 'no-receipt', 'missing-here', 'unknown-here')
    and case
      when direction = 'out' and kind <> 'unknown-here' then not exists (
        select from (select * from outbox where outbox.message_id = difference.message_id offset 0) as sent
        where state = 'receipted')
      when direction = 'out' then not exists (
        select from returned_message as returned
        where returned.partner = run.partner and returned.message_id = difference.message_id)
      else not exists (
        select from inbox where sender = run.partner and inbox.message_id = difference.message_id)
    end
))
order by number limit 1 for update skip locked
