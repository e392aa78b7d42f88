-- A pre-lodged declaration has no MRN until the goods are presented.
alter table movement drop constraint movement_mrn_role_office_key;
create unique index movement_mrn on movement (mrn, role, office) where mrn <> '';
