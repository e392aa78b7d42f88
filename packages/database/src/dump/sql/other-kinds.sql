-- What a copy of plain tables would leave out: partitioned, foreign and materialised.
select relname as name from pg_class
where relnamespace = current_schema()::regnamespace and relkind in ('p', 'f', 'm') order by relname
