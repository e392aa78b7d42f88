-- $2 now, $3 write last_used_at only when it is older than this.
with live as (
  select api_token.digest, api_token.name as token_name, account.*
  from api_token join account on account.id = api_token.account_id
  where api_token.digest = $1 and api_token.revoked_at is null and account.disabled_at is null
), used as (
  update api_token set last_used_at = $2 from live
  where api_token.digest = live.digest and (api_token.last_used_at is null or api_token.last_used_at < $3)
)
select id, name, role, office, trader, system, locale, created_at, disabled_at, token_name from live
