-- What each table and column is for: docs/exchange.md.

create table inbox (
  id bigint generated always as identity primary key,
  sender text not null,
  message_id text not null,
  link text not null check (link in ('as4', 'local', 'api')),
  recipient text not null,
  conversation text not null,
  document_type text not null,
  ref_to text,
  payload bytea not null,
  payload_digest bytea not null check (length(payload_digest) = 32),
  raw bytea,
  raw_content_type text,
  receipt bytea,
  receipt_content_type text,
  state text not null default 'received' check (state in ('received', 'waiting', 'done', 'parked')),
  tries int not null default 0,
  waits int not null default 0,
  wait_until timestamptz,
  due_at timestamptz not null,
  reason text,
  received_at timestamptz not null,
  done_at timestamptz,
  unique (sender, message_id),
  check (link <> 'as4' or (raw is not null and receipt is not null))
);

-- Encrypted and signed bytes do not compress: PostgreSQL need not try.
alter table inbox alter column raw set storage external, alter column receipt set storage external;

create index inbox_due on inbox (due_at, id) where state in ('received', 'waiting');
create index inbox_order on inbox (conversation, id) where state = 'received';
create index inbox_conversation on inbox (conversation, id);
create index inbox_parked on inbox (id) where state = 'parked';

create table outbox (
  id bigint generated always as identity primary key,
  message_id text not null unique,
  link text not null check (link in ('as4', 'local', 'mailbox')),
  sender text not null,
  recipient text not null,
  conversation text not null,
  document_type text not null,
  ref_to text,
  payload bytea not null,
  payload_digest bytea not null check (length(payload_digest) = 32),
  sealed bytea,
  sealed_content_type text,
  sealed_references jsonb,
  sealed_by text,
  state text not null default 'queued' check (state in ('queued', 'sent', 'receipted', 'parked')),
  tries int not null default 0,
  due_at timestamptz not null,
  leased_until timestamptz,
  lease uuid,
  reason text,
  receipt bytea,
  receipt_content_type text,
  mailbox_position bigint,
  created_at timestamptz not null,
  first_sent_at timestamptz,
  receipted_at timestamptz,
  check (state <> 'sent' or sealed is not null),
  check (link <> 'as4' or state <> 'receipted' or receipt is not null)
);

alter table outbox alter column sealed set storage external, alter column receipt set storage external;

create index outbox_due on outbox (due_at, id) where link = 'as4' and state in ('queued', 'sent');
create index outbox_order on outbox (recipient, conversation, id) where link = 'as4' and state in ('queued', 'sent');
create index outbox_conversation on outbox (conversation, id);
create index outbox_partner on outbox (recipient, receipted_at desc) where link = 'as4' and state = 'receipted';
create index outbox_parked on outbox (recipient) where state = 'parked';
create unique index outbox_mailbox on outbox (recipient, mailbox_position) where link = 'mailbox' and mailbox_position is not null;
create index outbox_mailbox_new on outbox (recipient, id) where link = 'mailbox' and mailbox_position is null;
create index outbox_mailbox_unread on outbox (recipient, mailbox_position) where link = 'mailbox' and state = 'queued';

create sequence mailbox_position;

create table journal (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  kind text not null,
  conversation text,
  message_id text,
  actor text,
  office text,
  detail jsonb
);

create index journal_conversation on journal (conversation, id) where conversation is not null;
create index journal_message on journal (message_id) where message_id is not null;

create function journal_is_final() returns trigger language plpgsql as $$
begin
  raise exception 'the journal is never changed' using errcode = '55000';
end
$$;

create trigger journal_is_final before update or delete or truncate on journal
  for each statement execute function journal_is_final();
