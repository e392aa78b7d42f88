select count(*)::int as asked from file_request
where direction = 'in' and party = $1 and mrn = $2 and office = $3 and code <> 'too-many' and (settled_at is null or settled_at > $4)
