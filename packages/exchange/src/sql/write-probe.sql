insert into health_probe (written_at) values ($1)
on conflict (one) do update set written_at = excluded.written_at
returning clock_timestamp() as now
