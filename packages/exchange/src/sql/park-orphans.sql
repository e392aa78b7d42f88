-- Messages for whom is no partner any more: $1 are those that are. One that is leased is being sent by who still knew the partner; its
-- receipt may come. A lease of a clock that is ahead counts as none (see lease.sql).
with orphans as (
  select id, coalesce(leased_until > $2 and leased_until <= $2::timestamptz + interval '1 minute', false) as under_way
  from outbox
  where link in ('as4', 'carried') and state in ('queued', 'sent') and recipient <> all ($1::text[])
), parked as (
  update outbox set state = 'parked', reason = 'the partner is not configured any more', lease = null, leased_until = null
  from orphans
  where outbox.id = orphans.id and not under_way and state in ('queued', 'sent')
  returning conversation, message_id, recipient, document_type, tries, reason
), noted as (
  insert into journal (at, kind, conversation, message_id, actor, detail)
  select $2, 'message.parked', conversation, message_id, recipient,
    jsonb_build_object('type', document_type, 'reason', reason, 'tries', tries, 'box', 'outbox')
  from parked
)
select (select count(*) from parked)::int as parked, (select count(*) from orphans where under_way)::int as under_way
