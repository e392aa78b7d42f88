select coalesce(max(mailbox_position), 0)::text as cursor from outbox where link = 'mailbox' and recipient = $1
