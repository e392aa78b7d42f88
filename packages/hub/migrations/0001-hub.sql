-- What each table and column is for: docs/hub.md.

create table forwarded_object (
  sender text not null,
  id text not null,
  addressee text not null,
  kind text not null check (kind in ('message', 'receipt')),
  digest bytea not null check (length(digest) = 32),
  expires_at timestamptz not null,
  came_as text not null,
  conversation text not null,
  message_id text not null unique,
  state text not null default 'under-way' check (state in ('under-way', 'delivered', 'refused')),
  reason text,
  forwarded_at timestamptz not null,
  looked_at timestamptz not null,
  settled_at timestamptz,
  primary key (sender, id)
);
create index forwarded_object_under_way on forwarded_object (looked_at) where state = 'under-way';
create index forwarded_object_settled on forwarded_object (expires_at) where state <> 'under-way';

create table regional_copy (
  id bigint generated always as identity primary key,
  sender text not null,
  message_id text not null,
  message_type text not null,
  recipient text,
  mrn text not null,
  said_at timestamptz not null,
  received_at timestamptz not null,
  elements jsonb not null,
  digest bytea not null check (length(digest) = 32),
  unique (sender, message_id, digest)
);
create index regional_copy_mrn on regional_copy (mrn, id);
create index regional_copy_received on regional_copy (sender, received_at);

-- What all copies of a movement say together (src/board/movement.ts); made anew with each copy.
create table regional_movement (
  mrn text primary key,
  departure text not null,
  destination text,
  transit text[] not null default '{}',
  office_of_departure text,
  office_of_destination text,
  arrived_in text,
  state text not null,
  released_at timestamptz,
  limit_date date,
  arrived_at timestamptz,
  ended_at timestamptz,
  last_told_at timestamptz not null,
  contradictions jsonb not null default '[]'
);
create index regional_movement_newest on regional_movement (last_told_at desc, mrn);
create index regional_movement_corridor on regional_movement (departure, destination, last_told_at desc);
create index regional_movement_contradicted on regional_movement (last_told_at desc) where contradictions <> '[]';

create table regional_guarantee (
  mrn text not null references regional_movement on delete cascade,
  grn text not null,
  country text not null,
  currency text not null,
  amount numeric(16, 2) not null,
  in_use boolean not null,
  primary key (mrn, grn)
);
create index regional_guarantee_in_use on regional_guarantee (country, currency, grn) where in_use;

-- How it stands with the copies of each member.
create table regional_member (
  party text primary key,
  copies bigint not null default 0,
  last_copy_at timestamptz,
  last_said_at timestamptz,
  refused bigint not null default 0,
  last_refused_at timestamptz,
  last_refusal text
);
