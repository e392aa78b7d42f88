-- Everything that lets anybody in, of all accounts.
with sessions as (
  update account_session set revoked_at = $1 where revoked_at is null returning expires_at
), links as (
  update sign_in_link set voided_at = $1 where used_at is null and voided_at is null returning expires_at
), tokens as (
  update api_token set revoked_at = $1 where revoked_at is null returning 1
)
select (select count(*) from sessions where expires_at > $1)::int as sessions,
  (select count(*) from links where expires_at > $1)::int as links, (select count(*) from tokens)::int as tokens
