-- The delivery that is due longest, of an endpoint that is not left alone just now. $4: endpoints that have as many under way as they
-- may. $5: no pause is longer; what is put off beyond it was put off by a clock that was ahead. A lease that ends later than a new one
-- would is of such a clock too.
update webhook_delivery set lease = $3, leased_until = $2, tries = tries + 1
from webhook
where webhook.id = webhook_delivery.webhook and webhook_delivery.id = (
  select id from webhook_delivery
  where state = 'waiting' and (leased_until is null or leased_until <= $1 or leased_until > $2::timestamptz + interval '1 minute')
    and id in (
      -- A few of each endpoint: another process may be taking the first.
      select due.id
      from webhook as endpoint
      cross join lateral (
        select id from webhook_delivery as each
        where each.webhook = endpoint.id and state = 'waiting' and (due_at <= $1 or due_at > $5)
          and (leased_until is null or leased_until <= $1 or leased_until > $2::timestamptz + interval '1 minute')
        order by due_at, id
        limit 4) as due
      where endpoint.disabled_at is null and endpoint.id <> all ($4::uuid[])
        and (endpoint.quiet_until is null or endpoint.quiet_until <= $1 or endpoint.quiet_until > $5))
  order by due_at, id
  limit 1
  for update skip locked)
returning webhook_delivery.id, webhook, owner, event, type, subject, tries, since, webhook_delivery.created_at, url, failures
