-- Under which seal a line of the journal is: the last one that begins at its transaction or before (sql/journal-places.sql).
create index journal_seal_first on journal_seal (first_tx);
