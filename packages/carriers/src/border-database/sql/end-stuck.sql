select count(*) filter (where pg_terminate_backend(a.pid)) as ended
from pg_stat_activity a join border.member m on m.role = a.usename::text
where a.datname = current_database() and a.xact_start < clock_timestamp() - make_interval(secs => $1)
