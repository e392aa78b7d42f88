select pg_advisory_xact_lock(hashtextextended('mailbox ' || $1, 0))
