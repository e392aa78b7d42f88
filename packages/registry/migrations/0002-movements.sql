-- One row: what one office of this administration knows of one movement. A movement that passes two of our offices has two rows.
create table movement (
  id bigint generated always as identity primary key,
  role text not null check (role in ('departure', 'transit', 'destination', 'guarantee')),
  office text not null,
  mrn text not null,
  lrn text not null default '',
  trader text not null default '',
  state text not null,
  version integer not null default 1,
  data jsonb not null,
  -- What is shown in lists, and the words by which a movement is searched; both are made from data when it is saved.
  summary jsonb not null,
  search text not null,
  needs_act boolean not null,
  -- Access codes of guarantees, sealed with the node's data key: never in data, never shown.
  secrets bytea,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (mrn, role, office)
);

-- An LRN is used once by a declarant.
create unique index movement_lrn on movement (trader, lrn) where role = 'departure';
create index movement_desk on movement (role, office, updated_at desc);
