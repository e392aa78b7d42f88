-- Country of a list's owner (ISO 3166): the offices of a national part belong to it.
alter table reference_list add column country text;
