-- Working on paper while a system is away. A fallback mode of an office is numbered by office and year; its papers are MRNs that were
-- reserved before they were needed (departure), or arrivals that were noted (destination). Nothing is deleted: what is not used is returned.
create table fallback_mode (
  id bigint generated always as identity primary key,
  role text not null check (role in ('departure', 'destination')),
  office text not null,
  year integer not null,
  count integer not null,
  state text not null check (state in ('prepared', 'open', 'ended', 'closed', 'withdrawn')),
  -- Code of results.tsv (fallback-reason) and words; '' as long as it has not begun.
  reason text not null default '',
  note text not null default '',
  began_at timestamptz,
  ended_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (office, year, count),
  check ((began_at is null) = (state in ('prepared', 'withdrawn'))),
  check ((ended_at is null) = (state in ('prepared', 'withdrawn', 'open')))
);
-- One at a time: whoever is second waits for the first and then finds it.
create unique index fallback_mode_open on fallback_mode (office, role) where state = 'open';
create unique index fallback_mode_prepared on fallback_mode (office, role) where state = 'prepared';

create table fallback_paper (
  mode bigint not null references fallback_mode,
  mrn text not null,
  role text not null check (role in ('departure', 'destination')),
  position integer not null,
  state text not null check (state in ('reserved', 'issued', 'entered', 'returned', 'noted')),
  declarant text not null default '',
  lrn text not null default '',
  -- When the goods left, or arrived, and the day of that at the office.
  at timestamptz,
  day date,
  packages integer,
  gross_mass numeric(18, 6),
  -- Offices that asked for the record before the declaration was entered: [{document, identification, office, at}].
  seen jsonb not null default '[]',
  primary key (mode, mrn)
);
-- An MRN is reserved once, whatever the office; an arrival may be noted at two offices by mistake, and both are to be explained.
create unique index fallback_paper_mrn on fallback_paper (mrn) where role = 'departure';
create unique index fallback_paper_lrn on fallback_paper (declarant, lrn) where role = 'departure' and state in ('issued', 'entered');

-- Why an officer leaves what reconciliation found about a paper.
create table fallback_explanation (
  mode bigint not null,
  mrn text not null,
  flag text not null,
  reason text not null,
  actor text not null,
  at timestamptz not null,
  primary key (mode, mrn, flag),
  foreign key (mode, mrn) references fallback_paper (mode, mrn)
);
