-- Reference data: lists, their numbered versions, and entries, each with the versions from which and until which it is there.
create table reference_list (
  id text collate "C" primary key,
  names text[] not null,
  source text not null,
  version text not null,
  owner text,
  kind text not null check (kind in ('common', 'national', 'corridor')),
  illustrative boolean not null,
  completeness text not null check (completeness in ('complete', 'partial', 'filled-by-administration')),
  note text not null,
  -- Numbers of the newest version and of the one in use; they differ while a version is open.
  latest int not null default 0,
  published int not null default 0 check (published <= latest)
);

create table reference_version (
  list text collate "C" not null references reference_list,
  number int not null,
  state text not null check (state in ('draft', 'reviewed', 'published')),
  author text not null,
  -- A second person, or nobody where the version came as it is from its owner.
  reviewer text check (reviewer <> author),
  effective date not null,
  created_at timestamptz not null,
  published_at timestamptz,
  note text not null,
  digest text not null,
  primary key (list, number),
  check ((state = 'published') = (published_at is not null))
);

-- One version of a list is open at a time.
create unique index reference_version_open on reference_version (list) where state <> 'published';

create table reference_entry (
  id bigint generated always as identity primary key,
  list text collate "C" not null references reference_list,
  code text collate "C" not null,
  valid_from date not null default '-infinity',
  valid_to date not null default 'infinity',
  -- All that the source says is that the code ended.
  end_only boolean not null,
  parent text collate "C",
  -- json and not jsonb: what was published goes out again with its items in their order.
  texts json not null,
  -- What the entry is called, where that is not its texts.
  names json,
  items json not null,
  key_items smallint not null,
  groups json not null,
  -- Of all that an entry says, days aside.
  digest text not null,
  words tsvector not null,
  added_in int not null,
  removed_in int,
  check (valid_from <= valid_to)
);

create unique index reference_entry_live on reference_entry (list, code, valid_from) where removed_in is null;
create index reference_entry_code on reference_entry (list, code, valid_from, id);
create index reference_entry_added on reference_entry (list, added_in);
create index reference_entry_removed on reference_entry (list, removed_in) where removed_in is not null;
create index reference_entry_prefix on reference_entry (upper(code));
create index reference_entry_words on reference_entry using gin (words);
