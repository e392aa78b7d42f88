-- Exports for a party that were kept back, but for those that cannot go so ($2); of these, where that may change, what has not changed since $4.
select id::text from declaration where party = $1 and kept_back is not null and (kept_back <> $2 or changed_at < $4) order by id limit $3
