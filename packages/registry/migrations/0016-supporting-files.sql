-- One row: a file of a supporting document, as it was attached here or as it came from the administration where it was attached.
create table movement_file (
  id bigint generated always as identity primary key,
  -- Party id of the administration where it was attached, and what it is called there: the same at all who have it.
  origin text not null,
  file uuid not null,
  -- Attached here: the record at departure. From elsewhere: the MRN.
  movement bigint references movement (id),
  mrn text not null default '',
  -- The document of the declaration of which it is a copy, and the goods item if it is of one.
  document_type text not null,
  document_reference text not null,
  item integer,
  version integer not null check (version >= 1),
  -- The file whose place it takes.
  replaces uuid,
  name text not null,
  media_type text not null,
  size integer not null,
  -- SHA-256 of the file; the journal has it too.
  digest bytea not null,
  -- Sealed with the node's data key.
  content bytea not null,
  added_by text not null,
  added_at timestamptz not null,
  -- Because of which request it came, and when.
  request uuid,
  received_at timestamptz,
  unique (origin, file),
  check ((movement is null) = (mrn <> ''))
);
-- Sealed bytes do not shrink.
alter table movement_file alter column content set storage external;
create unique index movement_file_replaces on movement_file (origin, mrn, replaces) where replaces is not null;
create index movement_file_movement on movement_file (movement);
create index movement_file_mrn on movement_file (mrn) where mrn <> '';

create function movement_file_is_final() returns trigger language plpgsql as $$
begin
  raise exception 'a file is never changed or deleted: attach a new version' using errcode = '55000';
end
$$;
create trigger movement_file_is_final before update or delete or truncate on movement_file
  for each statement execute function movement_file_is_final();

-- One row: a request for files of a movement, to another administration (out) or from one (in).
create table file_request (
  id bigint generated always as identity primary key,
  direction text not null check (direction in ('in', 'out')),
  -- The other administration, and what it or we called the request.
  party text not null,
  request uuid not null,
  mrn text not null,
  -- The office that asks.
  office text not null,
  asked_by text not null,
  asked_at timestamptz not null,
  -- Of which document; all of them when both are empty.
  document_type text not null default '',
  document_reference text not null default '',
  reason text not null,
  state text not null check (state in ('asked', 'waiting', 'given', 'refused')),
  -- Why not, when it was refused: a code, and words.
  code text not null default '',
  note text not null default '',
  -- The files of the answer, and what became of each at the other end or here, by file: held, taken, or a code of why not.
  files jsonb not null default '[]',
  fates jsonb not null default '{}',
  settled_by text,
  settled_at timestamptz,
  unique (direction, party, request)
);
create index file_request_mrn on file_request (mrn);
