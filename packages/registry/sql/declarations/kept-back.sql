-- Exports for a party that wait for a contract, but for those that cannot go under this one ($2).
select id::text from declaration where party = $1 and kept_back is not null and kept_back <> $2 order by id limit $3
