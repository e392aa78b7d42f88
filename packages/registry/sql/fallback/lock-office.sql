-- What an office does to its fallback modes is done one after the other.
select pg_advisory_xact_lock(hashtextextended('fallback ' || $1, 0))
