select pg_notify('reference', $1)
