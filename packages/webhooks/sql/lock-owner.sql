select pg_advisory_xact_lock(hashtextextended('webhooks ' || $1, 0))
