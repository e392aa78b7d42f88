insert into availability (party, asked_at, asked_by, mrn) values ($1, $2, $3, $4)
on conflict (party) do update
set asked_at = excluded.asked_at, asked_by = excluded.asked_by, mrn = excluded.mrn, answered_at = null, status = null
