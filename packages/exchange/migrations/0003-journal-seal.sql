-- What each table and column is for: docs/exchange.md.

-- Added to every transaction number. A logical restore brings the journal into a cluster whose numbers begin again; the program then
-- replaces this function by one with a larger number. A constant in a function costs an insert nothing; a table would be read for each.
create function journal_offset() returns bigint language sql immutable return 0;

create function journal_tx() returns bigint language sql volatile
  return pg_current_xact_id()::text::bigint + journal_offset();

-- What is there already counts as one transaction before all others; a constant default does not rewrite the table.
alter table journal add column tx bigint not null default 0;
alter table journal alter column tx set default journal_tx();

create index journal_tx on journal (tx, id);

create table journal_seal (
  number bigint primary key check (number > 0),
  first_tx bigint not null,
  end_tx bigint not null check (end_tx > first_tx),
  entries bigint not null check (entries > 0),
  root bytea not null check (length(root) = 32),
  previous bytea not null check (length(previous) = 32),
  hash bytea not null unique check (length(hash) = 32),
  sealed_at timestamptz not null
);

create trigger journal_seal_is_final before update or delete or truncate on journal_seal
  for each statement execute function journal_is_final();
