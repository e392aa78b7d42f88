select
  (select count(*)::int from webhook where disabled_at is null) as enabled,
  (select count(*)::int from webhook where disabled_at is not null and disabled_reason <> 'by-owner') as disabled,
  (select count(*)::int from webhook where disabled_at is null and failures > 0) as failing,
  (select count(*)::int from webhook_delivery as delivery join webhook on webhook.id = delivery.webhook
    where state = 'waiting' and disabled_at is null) as waiting,
  (select min(due_at) from webhook_delivery as delivery join webhook on webhook.id = delivery.webhook
    where state = 'waiting' and disabled_at is null and due_at <= $1 and (quiet_until is null or quiet_until <= $1)) as overdue_since
