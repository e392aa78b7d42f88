-- What waited meanwhile goes at once, and has its days before it again.
with enabled as (
  update webhook
  set disabled_at = null, disabled_reason = null, failures = 0, failing_since = null, quiet_until = null
  where id = $1 and disabled_at is not null
  returning id, host
), due as (
  update webhook_delivery set due_at = $2, since = $2
  where webhook = (select id from enabled) and state = 'waiting'
)
select host, pg_notify('webhook', '') from enabled
