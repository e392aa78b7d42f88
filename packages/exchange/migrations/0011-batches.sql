-- What each table and column is for: docs/repair.md.

-- Given up for good by two people: nobody takes it up again by himself.
alter table inbox drop constraint inbox_state_check,
  add constraint inbox_state_check check (state in ('received', 'waiting', 'done', 'parked', 'discarded')) not valid,
  -- The batch that holds the corrected document, where it is decided on that one.
  add column correction bigint;
alter table outbox drop constraint outbox_state_check,
  add constraint outbox_state_check check (state in ('queued', 'sent', 'receipted', 'parked', 'discarded')) not valid;

create table message_batch (
  id bigint generated always as identity primary key,
  act text not null check (act in ('resend', 'replay', 'park', 'discard', 'correct')),
  -- What was asked for, sealed: it may name a plate.
  filter bytea not null,
  reason text not null check (length(reason) > 0),
  messages int not null check (messages > 0),
  digest bytea not null check (length(digest) = 32),
  state text not null default 'requested' check (state in ('requested', 'approved', 'done', 'refused', 'withdrawn')),
  requested_by text not null,
  requested_name text not null,
  requested_at timestamptz not null,
  decided_by text,
  decided_name text,
  decided_at timestamptz,
  decided_reason text,
  finished_at timestamptz,
  -- How many messages so far.
  done int not null default 0,
  already int not null default 0,
  refused int not null default 0,
  -- Whatever the program thinks: nobody approves his own.
  check (state not in ('approved', 'done') or decided_by is not null and decided_by <> requested_by)
);
create index message_batch_open on message_batch (id) where state in ('requested', 'approved');
-- One set is asked for once at a time.
create unique index message_batch_set on message_batch (act, digest) where state in ('requested', 'approved');

create table message_batch_item (
  batch bigint not null references message_batch,
  place int not null,
  box text not null check (box in ('in', 'out')),
  message bigint not null,
  message_id text not null,
  -- Null until it was its turn.
  outcome text check (outcome in ('done', 'already', 'refused')),
  why text,
  detail text,
  at timestamptz,
  primary key (batch, place)
);
create index message_batch_item_message on message_batch_item (message, box);
create index message_batch_item_left on message_batch_item (batch, place) where outcome is null;

create table message_correction (
  batch bigint primary key references message_batch,
  message bigint not null,
  -- Sealed like the document that it stands for.
  document bytea not null,
  document_digest bytea not null check (length(document_digest) = 32),
  original_digest bytea not null check (length(original_digest) = 32)
);
alter table message_correction alter column document set storage external;
