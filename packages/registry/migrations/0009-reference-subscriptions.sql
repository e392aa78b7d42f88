-- Who takes which of our lists, and how far it is; what we take of others. Numbers of versions are always those of the owner.

create table reference_subscription (
  list text collate "C" not null references reference_list,
  party text not null,
  -- What it has, as it said last: one of our published versions; 0 and '' before the first.
  version int not null default 0,
  digest text not null default '',
  -- The newest version that was sent to it. While it says nothing about that one, no further one is sent.
  sent int not null default 0,
  -- Why it did not take what was sent last.
  refusal text,
  subscribed_at timestamptz not null,
  acknowledged_at timestamptz,
  primary key (list, party)
);

create table reference_source (
  list text collate "C" primary key references reference_list,
  owner text not null,
  -- What we have of it; 0 and '' before the first.
  version int not null default 0,
  digest text not null default '',
  asked_at timestamptz not null,
  -- The version that did not fit, because of which the owner was asked: it is not asked because of the same one again.
  asked_for int not null default 0,
  -- Why the owner refused what we asked.
  refusal text,
  taken_at timestamptz
);

-- Parts of one version of a list whose other parts are still to come.
create table reference_part (
  list text collate "C" not null references reference_source on delete cascade,
  part int not null,
  parts int not null,
  version int not null,
  previous int,
  digest text not null,
  payload bytea not null,
  received_at timestamptz not null,
  primary key (list, part)
);
