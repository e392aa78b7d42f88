-- $5: due again; null when it is given up. Where it was the endpoint's doing, $4 says until when that is left alone; answers since when it
-- fails.
with settled as (
  update webhook_delivery
  set state = case when $5::timestamptz is null then 'given-up' else 'waiting' end, due_at = coalesce($5, due_at), reason = $6,
    status = $7, settled_at = case when $5::timestamptz is null then $3::timestamptz end, lease = null, leased_until = null
  where id = $1 and lease = $2
  returning webhook
)
update webhook set failures = failures + 1, failing_since = coalesce(failing_since, $3), quiet_until = $4
where id = (select webhook from settled) and $4::timestamptz is not null
returning failing_since
