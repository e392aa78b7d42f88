-- What each table and column is for: docs/repair.md.

-- What messages can be found by: a keyed digest of each value (src/repair/keys.ts), so that the table tells no plate and no seal. There is no
-- foreign key, which would cost each key a look: who takes messages away takes their keys away.
create table message_key (
  kind text not null,
  value uuid not null,
  box text not null check (box in ('in', 'out')),
  message bigint not null,
  primary key (value, box, message)
);
-- For taking away those of old messages; keys are written in the order of their messages, or nearly.
create index message_key_message on message_key using brin (message) with (autosummarize = on);

create index inbox_time on inbox (received_at, id);
create index inbox_sender on inbox (sender, received_at, id);
create index inbox_type on inbox (document_type, received_at, id);
create index inbox_sender_type on inbox (sender, document_type, received_at, id);
create index inbox_message_id on inbox (message_id collate "C");
create index inbox_open on inbox (state, received_at, id) where state <> 'done';

create index outbox_time on outbox (created_at, id);
create index outbox_recipient on outbox (recipient, created_at, id);
create index outbox_type on outbox (document_type, created_at, id);
create index outbox_recipient_type on outbox (recipient, document_type, created_at, id);
create index outbox_message_id on outbox (message_id collate "C");
create index outbox_open on outbox (state, created_at, id) where state <> 'receipted';
