select webhook.id, host, url, description, created_at, disabled_at, disabled_reason, failing_since, last_delivered_at,
  (select count(*)::int from webhook_delivery as delivery where delivery.webhook = webhook.id and state = 'waiting') as waiting
from webhook
where owner = $1 and ($2::uuid is null or webhook.id = $2)
order by created_at, webhook.id
