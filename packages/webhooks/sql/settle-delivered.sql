with settled as (
  update webhook_delivery
  set state = 'delivered', settled_at = $3, status = $4, reason = null, lease = null, leased_until = null
  where id = $1 and lease = $2
  returning webhook
)
update webhook set failures = 0, failing_since = null, quiet_until = null, last_delivered_at = $3
where id = (select webhook from settled)
