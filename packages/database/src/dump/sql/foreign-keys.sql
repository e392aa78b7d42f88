select conrelid::regclass::text as "table", quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
from pg_constraint
where connamespace = current_schema()::regnamespace and contype = 'f' order by conrelid::regclass::text, conname
