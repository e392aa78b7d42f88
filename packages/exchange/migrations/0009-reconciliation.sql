-- What each table and column is for: docs/reconciliation.md.

-- When the sender says that it made the message, under its signature: both sides count it to the same day, however late it came.
alter table inbox add column made_at timestamptz;

create index inbox_counted on inbox (sender, (coalesce(made_at, received_at))) where link in ('as4', 'carried');
create index outbox_counted on outbox (recipient, (case link when 'carried' then coalesce(first_sent_at, created_at) else created_at end))
  where link in ('as4', 'carried');

-- One comparison with one partner of what each has of the messages of one day.
create table reconciliation (
  number bigint generated always as identity primary key,
  run text not null,
  partner text not null,
  role text not null check (role in ('ours', 'theirs')),
  day text not null check (day ~ '^\d{4}-\d\d-\d\d$'),
  state text not null check (state in ('wanted', 'asked', 'compared', 'refused')),
  repair text check (repair in ('wanted', 'ordered', 'ended')),
  automatic boolean not null default false,
  follows bigint references reconciliation (number),
  actor text,
  reason text,
  refusal text,
  own_total jsonb,
  their_total jsonb,
  pages int not null default 0,
  opened jsonb,
  wanted_at timestamptz not null,
  asked_at timestamptz,
  compared_at timestamptz,
  ordered_at timestamptz,
  unique (partner, role, run)
);
create unique index reconciliation_daily on reconciliation (partner, day) where automatic;
create index reconciliation_open on reconciliation (number) where state in ('wanted', 'asked') or repair in ('wanted', 'ordered');
create index reconciliation_asked on reconciliation (partner, wanted_at) where role = 'theirs';

-- What the partner has listed, until all of it is here.
create table reconciliation_item (
  reconciliation bigint not null references reconciliation (number) on delete cascade,
  direction text not null check (direction in ('out', 'in')),
  message_id text not null,
  digest bytea not null check (length(digest) = 32),
  receipted boolean not null,
  primary key (reconciliation, direction, message_id)
);

create table reconciliation_difference (
  reconciliation bigint not null references reconciliation (number) on delete cascade,
  direction text not null check (direction in ('out', 'in')),
  message_id text not null,
  kind text not null check (kind in ('question', 'under-way', 'missing-there', 'missing-here', 'no-receipt', 'unknown-here',
    'unknown-there', 'differs')),
  digest bytea not null check (length(digest) = 32),
  told text,
  primary key (reconciliation, direction, message_id)
);

-- What a partner has had sent again by one comparison of its: once each.
create table reconciliation_given (
  reconciliation bigint not null references reconciliation (number) on delete cascade,
  message_id text not null,
  primary key (reconciliation, message_id)
);

-- A delivery that was proven, of a message that was sent again since: its receipt, and the bytes that it is for where they are others.
create table former_delivery (
  message_id text not null,
  receipted_at timestamptz not null,
  receipt bytea not null,
  receipt_content_type text not null,
  sealed bytea,
  sealed_content_type text,
  sealed_references jsonb,
  again_at timestamptz not null,
  primary key (message_id, receipted_at)
);
alter table former_delivery alter column receipt set storage external, alter column sealed set storage external;

-- A message of ours that this node does not remember, as its addressee gave it back: what we signed, and the receipt that we had.
create table returned_message (
  partner text not null,
  message_id text not null,
  conversation text not null,
  document_type text not null,
  ref_to text,
  made_at timestamptz not null,
  payload bytea not null,
  payload_digest bytea not null check (length(payload_digest) = 32),
  signed bytea not null,
  signed_content_type text not null,
  receipt bytea not null,
  receipt_content_type text not null,
  receipted boolean not null,
  reconciliation bigint references reconciliation (number),
  returned_at timestamptz not null,
  primary key (partner, message_id)
);
alter table returned_message alter column payload set storage external, alter column signed set storage external,
  alter column receipt set storage external;
create index returned_message_counted on returned_message (partner, made_at);

-- Messages between this node and its partners as reconciliation counts them. What goes for the sake of reconciliation itself does not count,
-- nor does what never left, or was given up: of that, nobody was told anything.
create view counted_message as
select 'out' as direction, recipient as partner, message_id, payload_digest as digest, state = 'receipted' as receipted,
  case link when 'carried' then coalesce(first_sent_at, created_at) else created_at end as counted_at
from outbox
where link in ('as4', 'carried') and state in ('sent', 'receipted') and document_type not like 'Reconciliation%'
union all
select 'out', partner, message_id, payload_digest, true, made_at
from returned_message
union all
select 'in', sender, message_id, payload_digest, true, coalesce(made_at, received_at)
from inbox
where link in ('as4', 'carried') and document_type not like 'Reconciliation%';
