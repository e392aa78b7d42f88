-- What each table and column is for: docs/webhooks.md.

create table webhook (
  id uuid primary key,
  owner text not null,
  host text not null,
  url bytea not null,
  description text,
  created_at timestamptz not null,
  disabled_at timestamptz,
  disabled_reason text check (disabled_reason in ('by-owner', 'gone', 'failing', 'owner-closed')),
  failures int not null default 0,
  failing_since timestamptz,
  quiet_until timestamptz,
  last_delivered_at timestamptz,
  check ((disabled_at is null) = (disabled_reason is null))
);

create index webhook_owner on webhook (owner, created_at, id);

create table webhook_secret (
  webhook uuid not null references webhook on delete cascade,
  number int not null check (number > 0),
  secret bytea not null,
  valid_until timestamptz,
  primary key (webhook, number)
);

create table webhook_delivery (
  id bigint generated always as identity primary key,
  webhook uuid not null references webhook on delete cascade,
  event text not null,
  type text not null,
  subject text,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'given-up')),
  tries int not null default 0,
  due_at timestamptz not null,
  since timestamptz not null,
  lease uuid,
  leased_until timestamptz,
  reason text,
  status int,
  created_at timestamptz not null,
  settled_at timestamptz,
  unique (webhook, event)
);

create index webhook_delivery_due on webhook_delivery (webhook, due_at, id) where state = 'waiting';
create index webhook_delivery_newest on webhook_delivery (webhook, id);
create index webhook_delivery_settled on webhook_delivery (settled_at) where state <> 'waiting';
