-- True for one process at a time, until the end of its transaction; named by the table, so that nodes in one database do not meet.
select pg_try_advisory_xact_lock(hashtextextended('journal seals ' || 'journal_seal'::regclass::oid, 0)) as mine
