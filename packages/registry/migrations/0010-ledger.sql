-- The ledger of guarantees in double entry. Each guarantee has four accounts: `reference` (what its guarantor promised, as a negative
-- balance), `available`, `locked` for movements under way, and `liable` (claimed from the guarantor). A transaction takes one amount from
-- one account and gives it to another, so it is balanced by its form: available + locked + liable is the reference amount, always.
-- The balances stand in the guarantee's row, where one guarded UPDATE moves both sides.
alter table guarantee rename column held to locked;
alter table guarantee drop constraint guarantee_check;
alter table guarantee
  add column available numeric(18, 2),
  add column liable numeric(18, 2) not null default 0 check (liable >= 0),
  -- From this day on it covers no new movement: cancelled, revoked or released by its guarantor.
  add column invalid_from date,
  add column state text not null default 'valid' check (state in ('valid', 'cancelled', 'revoked')),
  -- The movement that an individual guarantee or a voucher covers, or has covered: in this row, so that the guard of the balance guards it too.
  add column used_by text,
  -- What decisions read and no statement compares: guarantor, percentage, goods, offices, dates of a voucher.
  add column terms jsonb not null default '{}',
  add column version integer not null default 1;
update guarantee set available = reference_amount - locked;
alter table guarantee
  alter column available set not null,
  add check (available >= 0),
  add check (available + locked + liable = reference_amount);

create table guarantee_transaction (
  id bigint generated always as identity primary key,
  grn text not null references guarantee,
  op text not null,
  debit text not null,
  credit text not null,
  amount numeric(18, 2) not null check (amount >= 0),
  currency text not null,
  -- What the document asked for, when that was in another currency, and the rate.
  asked_amount numeric(18, 2),
  asked_currency text,
  asked_rate text,
  mrn text,
  -- The office that asked: of departure for a movement, of guarantee for the guarantee itself.
  office text not null default '',
  -- Message id and type of the document that it rests on.
  document text,
  document_type text not null default '',
  reason text not null default '',
  actor text not null default '',
  at timestamptz not null,
  available_after numeric(18, 2) not null,
  locked_after numeric(18, 2) not null,
  liable_after numeric(18, 2) not null,
  check ((mrn is null) = (op in ('open', 'raise', 'reduce'))),
  check ((op, debit, credit) in (
    ('open', 'reference', 'available'), ('raise', 'reference', 'available'), ('reduce', 'available', 'reference'),
    ('lock', 'available', 'locked'), ('credit', 'locked', 'available'), ('cancel', 'locked', 'available'),
    ('liability', 'locked', 'liable'), ('liberation', 'liable', 'available')))
);
create index guarantee_transaction_grn on guarantee_transaction (grn, id);
create index guarantee_transaction_mrn on guarantee_transaction (mrn) where mrn is not null;
-- The same document again enters nothing.
create unique index guarantee_transaction_once on guarantee_transaction (grn, coalesce(mrn, ''), op, document) where document is not null;

-- The two postings of each transaction.
create view guarantee_posting as
  select id as transaction, grn, debit as account, -amount as amount from guarantee_transaction
  union all
  select id, grn, credit, amount from guarantee_transaction;

-- What a movement has locked: from the transaction that locked it to the one that closed it. A movement locks a guarantee once at a time.
create table guarantee_lock (
  id bigint primary key references guarantee_transaction,
  grn text not null references guarantee,
  mrn text not null,
  amount numeric(18, 2) not null,
  state text not null check (state in ('locked', 'liable', 'closed')),
  closed_by bigint unique references guarantee_transaction,
  check ((state = 'closed') = (closed_by is not null))
);
create unique index guarantee_lock_open on guarantee_lock (grn, mrn) where state <> 'closed';
create index guarantee_lock_grn on guarantee_lock (grn, id);

-- Four characters each, so kept as a digest under a key that is not in the database. The master code may change the others.
create table guarantee_access_code (
  grn text not null references guarantee,
  digest bytea not null,
  master boolean not null,
  set_at timestamptz not null,
  primary key (grn, digest)
);

-- What there is already: each guarantee was opened before its first entry, each hold is a lock, each credit closes it.
insert into guarantee_access_code (grn, digest, master, set_at)
select grn, access_code_digest, true, valid_from from guarantee;
alter table guarantee drop column access_code_digest;

insert into guarantee_transaction (grn, op, debit, credit, amount, currency, at, available_after, locked_after, liable_after)
select grn, 'open', 'reference', 'available', reference_amount, currency,
  least(valid_from, (select min(at) from guarantee_entry entry where entry.grn = guarantee.grn)), reference_amount, 0, 0
from guarantee order by grn;
insert into guarantee_transaction (grn, op, debit, credit, amount, currency, mrn, at, available_after, locked_after, liable_after)
select entry.grn, case op when 'hold' then 'lock' else 'credit' end,
  case op when 'hold' then 'available' else 'locked' end, case op when 'hold' then 'locked' else 'available' end,
  amount, entry.currency, mrn, at, reference_amount - held_after, held_after, 0
from guarantee_entry entry join guarantee using (grn) order by entry.id;
insert into guarantee_lock (id, grn, mrn, amount, state, closed_by)
select locking.id, locking.grn, locking.mrn, locking.amount, case when closing.id is null then 'locked' else 'closed' end, closing.id
from guarantee_transaction locking
left join guarantee_transaction closing on closing.grn = locking.grn and closing.mrn = locking.mrn and closing.op = 'credit'
where locking.op = 'lock';
update guarantee set used_by = (select mrn from guarantee_lock use where use.grn = guarantee.grn order by id limit 1) where type in ('2', '4');
drop table guarantee_entry;
