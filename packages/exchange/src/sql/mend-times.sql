-- Rows that are due later than any pause that is ever given: a clock was ahead when they were written, and is right again.
with decided_late as (
  update inbox set due_at = $1, turn = least(turn, $1), wait_until = least(wait_until, $1)
  where state in ('received', 'waiting') and due_at > $2
  returning id
), sent_late as (
  update outbox set due_at = $1
  where link in ('as4', 'carried') and state in ('queued', 'sent') and due_at > $3
  returning id
)
select (select count(*) from decided_late) as inbox, (select count(*) from sent_late) as outbox
