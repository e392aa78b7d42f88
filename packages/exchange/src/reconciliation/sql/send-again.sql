-- Messages of ours go again, as retries: the same id, the same bytes. What proved their delivery before is kept beside. At a third place the
-- same object would lie there as one that was taken: there they go as another object.
with before as (
  select * from outbox where id = any ($1::bigint[])
), former as (
  insert into former_delivery (message_id, receipted_at, receipt, receipt_content_type, sealed, sealed_content_type,
    sealed_references, again_at)
  select message_id, receipted_at, receipt, receipt_content_type, case when link = 'carried' then sealed end,
    case when link = 'carried' then sealed_content_type end, sealed_references, $2
  from before where state = 'receipted' and receipt is not null and receipted_at is not null
  on conflict do nothing
)
update outbox set
  state = case when outbox.sealed is null then 'queued' else 'sent' end,
  sealed_by = case when outbox.link = 'carried' and outbox.state = 'receipted' then null else outbox.sealed_by end,
  tries = case when outbox.state = 'receipted' then 0 else outbox.tries end,
  receipt = case when outbox.state = 'receipted' then null else outbox.receipt end,
  receipt_content_type = case when outbox.state = 'receipted' then null else outbox.receipt_content_type end,
  receipted_at = null, due_at = $2, reason = null
from before
where outbox.id = before.id
