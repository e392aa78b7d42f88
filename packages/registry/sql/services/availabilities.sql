select party, asked_at, asked_by, mrn, answered_at, status from availability order by party
