insert into fallback_paper (mode, mrn, role, position, state, at, day, packages, gross_mass)
select $1, $2, 'destination', coalesce(max(position), 0) + 1, $3, $4, $5, $6, $7 from fallback_paper where mode = $1
returning mrn
