-- A partner that was away answers again: what waited out its back-off goes now.
update outbox set due_at = $2
where recipient = $1 and link = 'as4' and state in ('queued', 'sent') and due_at > $2 and (leased_until is null or leased_until <= $2)
