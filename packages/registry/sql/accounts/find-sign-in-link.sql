select sign_in_link.used_at, sign_in_link.voided_at, sign_in_link.expires_at, account.disabled_at
from sign_in_link join account on account.id = sign_in_link.account_id
where sign_in_link.digest = $1
