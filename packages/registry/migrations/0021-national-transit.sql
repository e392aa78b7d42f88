-- One row: a document of the transit procedure that the national system handed over, on behalf of the trader whom it names.
create table national_transit (
  id bigint generated always as identity primary key,
  -- Under which the national system handed it over.
  handed text not null unique,
  -- Number of the declaration at the national system.
  declaration text not null,
  -- The id under which it is in the inbox.
  message_id text not null unique,
  trader text not null,
  lrn text,
  -- As the document says, or as it was allocated to the declaration.
  mrn text,
  at timestamptz not null
);
create index national_transit_lrn on national_transit (trader, lrn);
create index national_transit_mrn on national_transit (mrn);

-- A document for the national system, in the form that the documents of the procedure have.
alter table national_result add column document bytea;
alter table national_result drop constraint national_result_check;
alter table national_result add constraint national_result_check check (num_nonnulls(block, note, document) = 1);
