-- The system of an administration in which its inspectors record controls is an outside system of the node.
alter table account drop constraint account_system_check;
alter table account add constraint account_system_check check (system in ('aes', 'central', 'speed', 'inspection'));
