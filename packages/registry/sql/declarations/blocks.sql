-- The blocks that count of these declarations.
select d.id::text, d.side, d.ucr, d.day::text, v.block, v.message_id as "messageId"
from declaration d join declaration_version v on v.declaration = d.id and v.version = d.version
where d.id = any ($1::bigint[])
order by d.id
