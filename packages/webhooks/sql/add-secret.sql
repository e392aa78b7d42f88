-- The new secret, and until when those before it sign too.
with older as (
  update webhook_secret set valid_until = $4 where webhook = $1 and (valid_until is null or valid_until > $4)
)
insert into webhook_secret (webhook, number, secret) values ($1, $2, $3)
