-- The party $2 has version $3 with the digest $4 of the list $1, and takes what comes after it.
insert into reference_subscription (list, party, version, digest, sent, subscribed_at, acknowledged_at)
values ($1, $2, $3, $4, $3, $5, case when $3 > 0 then $5::timestamptz end)
on conflict (list, party) do update
set version = excluded.version, digest = excluded.digest, sent = excluded.version, refusal = null,
  acknowledged_at = coalesce(excluded.acknowledged_at, reference_subscription.acknowledged_at)
