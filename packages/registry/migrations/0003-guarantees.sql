-- Guarantees kept at an office of guarantee of this administration, and the ledger of what movements hold on them.
create table guarantee (
  grn text primary key,
  holder text not null,
  type text not null,
  currency text not null,
  reference_amount numeric(18, 2) not null check (reference_amount >= 0),
  held numeric(18, 2) not null default 0 check (held >= 0),
  access_code_digest bytea not null,
  valid_from date not null,
  valid_to date,
  not_valid_in text[] not null default '{}',
  check (held <= reference_amount)
);

create table guarantee_entry (
  id bigint generated always as identity primary key,
  grn text not null references guarantee,
  mrn text not null,
  op text not null check (op in ('hold', 'credit')),
  amount numeric(18, 2) not null check (amount >= 0),
  currency text not null,
  held_after numeric(18, 2) not null,
  at timestamptz not null,
  -- Each movement holds a guarantee once and is credited once, whatever arrives twice.
  unique (grn, mrn, op)
);
