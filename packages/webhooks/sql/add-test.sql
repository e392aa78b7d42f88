with told as (
  insert into webhook_delivery (webhook, event, type, due_at, since, created_at) values ($1, $2, $3, $4, $4, $4)
  returning id
)
select pg_notify('webhook', '') from told
