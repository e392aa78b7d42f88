-- Partners that are reached by a third place only (src/carried/): their messages are sealed objects, with receipts like those of AS4.
-- What is there already was held to the narrower conditions: it is not read again while the tables are locked.
alter table inbox drop constraint inbox_link_check,
  add constraint inbox_link_check check (link in ('as4', 'carried', 'local', 'api')) not valid,
  drop constraint inbox_check,
  add constraint inbox_evidence_check check (link not in ('as4', 'carried') or (raw is not null and receipt is not null))
    not valid;

alter table outbox drop constraint outbox_link_check,
  add constraint outbox_link_check check (link in ('as4', 'carried', 'local', 'mailbox')) not valid,
  drop constraint outbox_check1,
  add constraint outbox_receipt_check check (link not in ('as4', 'carried') or state <> 'receipted' or receipt is not null)
    not valid;

-- One queue a partner, whichever way it is reached.
create index outbox_owed on outbox (recipient, due_at, id) where link in ('as4', 'carried') and state in ('queued', 'sent');
drop index outbox_due_partner;
create index outbox_owed_order on outbox (recipient, conversation, id)
  where link in ('as4', 'carried') and state in ('queued', 'sent');
drop index outbox_order;
create index outbox_receipted on outbox (recipient, receipted_at desc) where link in ('as4', 'carried') and state = 'receipted';
drop index outbox_partner;
