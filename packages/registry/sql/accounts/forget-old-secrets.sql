-- $1 links that ended before, $2 sessions that ended before, $3 idempotency keys made before.
with links as (
  delete from sign_in_link where expires_at < $1 returning 1
), sessions as (
  delete from account_session where expires_at < $2 returning 1
), keys as (
  delete from idempotency where created_at < $3 returning 1
)
select (select count(*) from links)::int as links, (select count(*) from sessions)::int as sessions,
  (select count(*) from keys)::int as keys
