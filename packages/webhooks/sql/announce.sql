-- One delivery for each endpoint of whom an event is for. Nothing, and no notice, where nobody registered one. $1 owners, $2 events,
-- $3 their subjects.
with told as (
  insert into webhook_delivery (webhook, event, type, subject, due_at, since, created_at)
  select webhook.id, given.event, $4, given.subject, $5, $5, $5
  from unnest($1::text[], $2::text[], $3::text[]) with ordinality as given (owner, event, subject, place)
  join webhook on webhook.owner = given.owner and disabled_at is null
  order by place
  returning id
)
select pg_notify('webhook', '') from told limit 1
