-- The one guard of single use: of any number of requests at once, one finds used_at null after waiting for the row.
update sign_in_link
set used_at = $2
from account
where sign_in_link.digest = $1
  and account.id = sign_in_link.account_id
  and sign_in_link.used_at is null
  and sign_in_link.voided_at is null
  and sign_in_link.expires_at > $2
  and account.disabled_at is null
returning account.id, account.name, account.role, account.office, account.trader, account.system, account.locale,
  account.created_at, account.disabled_at
