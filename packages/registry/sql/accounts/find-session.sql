-- $2 now, $3 the oldest last_seen_at that is not idle yet, $4 write last_seen_at only when it is older than this (null: never).
-- Many requests a minute cost one write a minute.
with live as (
  select account_session.digest, account_session.expires_at, account.*
  from account_session join account on account.id = account_session.account_id
  where account_session.digest = $1
    and account_session.revoked_at is null
    and account_session.expires_at > $2
    and account_session.last_seen_at > $3
    and account.disabled_at is null
), seen as (
  update account_session set last_seen_at = $2 from live
  where account_session.digest = live.digest and account_session.last_seen_at < $4::timestamptz
)
select id, name, role, office, trader, system, locale, created_at, disabled_at, expires_at from live
