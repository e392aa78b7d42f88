-- What each table and column is for: docs/cloud.md, “Shares”.

create table share_contract (
  owner text not null,
  id text not null,
  version int not null check (version > 0),
  reader text not null,
  contract jsonb not null,
  digest text not null check (length(digest) = 64),
  valid_from timestamptz not null,
  valid_to timestamptz not null check (valid_to > valid_from),
  state text not null check (state in ('offered', 'accepted', 'declined', 'replaced', 'withdrawn', 'ended')),
  offered_at timestamptz not null,
  answered_at timestamptz,
  answered_by text,
  ended_at timestamptz,
  ended_by text,
  reason text,
  primary key (owner, id, version)
);
create index share_contract_due on share_contract (valid_to) where state in ('offered', 'accepted', 'replaced');

-- At its owner what was uploaded, without the data; at its reader the data too, sealed, until they end.
create table share_item (
  owner text not null,
  item text not null,
  contract_id text not null,
  version int not null,
  subject text not null,
  digest text not null check (length(digest) = 64),
  block bytea,
  shared_at timestamptz not null,
  until timestamptz not null,
  ended_at timestamptz,
  end_reason text,
  taken_back_at timestamptz,
  primary key (owner, item),
  foreign key (owner, contract_id, version) references share_contract (owner, id, version),
  check (ended_at is null or block is null)
);
alter table share_item alter column block set storage external;
create index share_item_due on share_item (until) where ended_at is null;
create index share_item_contract on share_item (owner, contract_id, shared_at);
create index share_item_left on share_item (ended_at) where ended_at is not null and taken_back_at is null;

-- Each reading, at the reader in the commit in which it was shown, at the owner as the reader's node signed it.
create table share_reading (
  owner text not null,
  id text not null,
  item text not null,
  contract_id text not null,
  version int not null,
  who text not null,
  read_at timestamptz not null,
  message_id text not null,
  noted_at timestamptz not null,
  primary key (owner, id),
  foreign key (owner, item) references share_item (owner, item)
);
create index share_reading_contract on share_reading (owner, contract_id, read_at);
