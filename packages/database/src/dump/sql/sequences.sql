select sequencename::text as name, last_value::text as value from pg_sequences
where schemaname = current_schema() order by sequencename collate "C"
