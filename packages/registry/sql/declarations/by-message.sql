-- Which versions are known by these messages.
select d.id::text, d.side, v.version from declaration d join declaration_version v on v.declaration = d.id
where d.party = $1 and v.message_id = any ($2::text[])
order by d.id, v.version
