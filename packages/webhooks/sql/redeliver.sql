with again as (
  update webhook_delivery
  set state = 'waiting', tries = 0, due_at = $3, since = $3, settled_at = null, reason = null, status = null,
    lease = null, leased_until = null
  where webhook = $1 and event = $2
  returning id
)
select pg_notify('webhook', '') from again
