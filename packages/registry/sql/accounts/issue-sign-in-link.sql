-- A new link ends the older ones of the same account: whoever asks again may have lost the first to somebody else.
with voided as (
  update sign_in_link set voided_at = $3 where account_id = $2 and used_at is null and voided_at is null
)
insert into sign_in_link (digest, account_id, created_at, expires_at) values ($1, $2, $3, $4)
