-- Data of another administration that came under a share lie in the share alone: a version has no block then, and message_id is what the
-- share calls it. A draft that was begun from them goes with their end.
alter table declaration_version alter column block drop not null;
create index declaration_version_message on declaration_version (message_id) where message_id is not null;
alter table import_draft alter column draft drop not null;

-- An export whose last version may not go now. '': no contract is in force for it; else the contract under which it cannot go as it is.
alter table declaration add column kept_back text;
create index declaration_kept_back on declaration (party, id) where kept_back is not null;

-- One row: a part for another agency that was made of data under a share, by the message in which the agency has it.
create table shared_part (
  message_id text primary key,
  declaration bigint not null,
  version integer not null,
  foreign key (declaration, version) references declaration_version (declaration, version)
);
create index shared_part_version on shared_part (declaration, version);
