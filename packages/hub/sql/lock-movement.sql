-- Two copies of one movement are taken one after the other, whoever sent them.
select pg_advisory_xact_lock(hashtextextended('regional ' || $1, 0))
