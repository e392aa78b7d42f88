select class.relname as name, array_agg(attribute.attname::text order by attribute.attnum) as columns
from pg_class class
join pg_attribute attribute
  on attribute.attrelid = class.oid and attribute.attnum > 0 and not attribute.attisdropped and attribute.attgenerated = ''
where class.relnamespace = current_schema()::regnamespace and class.relkind = 'r'
group by class.relname order by class.relname collate "C"
