-- One row: a declaration of which this administration and another one have data.
create table declaration (
  id bigint generated always as identity primary key,
  -- Whose it is: an export or import declared here, or one that the other administration told of.
  side text not null check (side in ('export', 'partner-export', 'import', 'partner-import')),
  -- The other administration.
  party text not null,
  -- What it is known by: an export by the number of its administration, an import by its UCR and the declarant's reference.
  key text not null,
  -- Number under which it was registered; null before that.
  number text,
  ucr text not null,
  -- Of its blocks the one that counts. 0: none is here, only that there is a declaration.
  version integer not null check (version >= 0),
  state text not null,
  -- Identification number of the operator whose it is here; null while it is nobody's.
  trader text,
  -- The day on which it was accepted, or came.
  day date not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  unique (side, party, key)
);
create index declaration_ucr on declaration (ucr);
create index declaration_changed on declaration (changed_at desc, id desc);
create index declaration_trader on declaration (trader, changed_at desc) where trader is not null;
create index declaration_party on declaration (party, side, day);

-- One row: a version of a declaration, as it was declared or came. The block is canonical JSON (RFC 8785), so its digest is that of its content.
create table declaration_version (
  declaration bigint not null references declaration (id),
  version integer not null check (version >= 1),
  event text not null,
  block bytea not null,
  digest bytea not null check (octet_length(digest) = 32),
  -- Under which id the national system handed it over; null for what came otherwise.
  handed text unique,
  message_id text,
  actor text not null,
  at timestamptz not null,
  -- What the other administration said of it: outcome and findings.
  answer jsonb,
  primary key (declaration, version)
);

-- One row: the import declaration that was begun from an export of another administration.
create table import_draft (
  declaration bigint primary key references declaration (id),
  -- Of the export from which it was begun last.
  version integer not null,
  draft bytea not null,
  -- What the importer must add, and what of the export was left out.
  complete jsonb not null,
  left_out jsonb not null,
  -- When somebody claimed it by its UCR; null when its importer was known by his number.
  claimed_at timestamptz,
  -- The import declaration that was lodged, and what is otherwise in it than in the draft.
  import bigint references declaration (id),
  changes jsonb
);
create index import_draft_import on import_draft (import);

-- One row: something for the national system, in the order in which it is given.
create table national_result (
  number bigint generated always as identity primary key,
  id text not null unique,
  declaration text not null,
  kind text not null,
  -- A block, which the node writes in the form of the system; or words about one, as JSON.
  block bytea,
  note jsonb,
  created_at timestamptz not null,
  given_at timestamptz,
  check ((block is null) <> (note is null))
);
create index national_result_waiting on national_result (number) where given_at is null;

-- A second agency of the country, which gets its part of declaration data, is neither an officer nor an economic operator.
alter table account drop constraint account_role_check;
alter table account add constraint account_role_check
  check (role in ('departure', 'transit', 'exit', 'destination', 'guarantee', 'reference', 'operations', 'regional', 'trader', 'system',
    'agency'));
alter table account drop constraint account_check;
alter table account add constraint account_check
  check ((trader is not null) = (role = 'trader') and (system is not null) = (role = 'system')
    and (office is null) = (role in ('reference', 'operations', 'regional', 'trader', 'system', 'agency')));
