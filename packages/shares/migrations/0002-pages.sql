-- The order in which things came: lists go from page to page by it.
alter table share_contract add column number bigint generated always as identity;
create unique index share_contract_number on share_contract (number);
create index share_contract_running on share_contract (owner, reader) where state in ('offered', 'accepted');
alter table share_item add column number bigint generated always as identity;
create index share_item_number on share_item (owner, contract_id, number);
alter table share_reading add column number bigint generated always as identity;
create index share_reading_number on share_reading (owner, contract_id, number);
drop index share_reading_contract;
