-- A message that was given back and has gone once more since is in the outbox again, and counts there.
create or replace view counted_message as
select 'out' as direction, recipient as partner, message_id, payload_digest as digest, state = 'receipted' as receipted,
  case link when 'carried' then coalesce(first_sent_at, created_at) else created_at end as counted_at
from outbox
where link in ('as4', 'carried') and state in ('sent', 'receipted') and document_type not like 'Reconciliation%'
union all
select 'out', partner, message_id, payload_digest, true, made_at
from returned_message as returned
where not exists (
  select from outbox where outbox.message_id = returned.message_id and link in ('as4', 'carried') and state in ('sent', 'receipted'))
union all
select 'in', sender, message_id, payload_digest, true, coalesce(made_at, received_at)
from inbox
where link in ('as4', 'carried') and document_type not like 'Reconciliation%';
