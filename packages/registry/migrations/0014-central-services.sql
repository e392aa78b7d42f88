-- The operations desk runs the administration's system for it: it tells others when the system is unavailable, and sends statistics.
alter table account drop constraint account_role_check;
alter table account add constraint account_role_check
  check (role in ('departure', 'transit', 'exit', 'destination', 'guarantee', 'reference', 'operations', 'trader', 'system'));
alter table account drop constraint account_check;
alter table account add constraint account_check
  check ((trader is not null) = (role = 'trader') and (system is not null) = (role = 'system')
    and (office is null) = (role in ('reference', 'operations', 'trader', 'system')));

-- What is known of systems that are or will be unavailable: our own as we announced it, others as the central services told us.
create table unavailability (
  country text not null,
  functionality text not null,
  type text not null,
  starts_at timestamptz not null,
  -- Null while nobody can say.
  ends_at timestamptz,
  explanation text not null,
  note text,
  -- Whether the fallback procedure is used meanwhile; null when it was not said.
  fallback boolean,
  fallback_note text,
  is_own boolean not null,
  told_at timestamptz not null,
  -- The message that said it last: ours to the central services, or theirs.
  message_id text not null,
  primary key (country, functionality, type, starts_at)
);

-- What each partner answered last when it was asked whether it is available.
create table availability (
  party text primary key,
  asked_at timestamptz not null,
  asked_by text not null,
  mrn text not null,
  answered_at timestamptz,
  status text
);

-- The statistics that were sent to the central services; a month that is sent again has another row.
create table statistics_report (
  id bigint generated always as identity primary key,
  month text not null check (month ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  counts jsonb not null,
  sent_at timestamptz not null,
  -- An account, or the party when the node sent it by itself.
  sent_by text not null,
  message_id text not null unique,
  -- What the central services found inconsistent in it.
  warnings jsonb not null default '[]'
);
create index statistics_report_month on statistics_report (month, id desc);
