select number, run, partner, day, wanted_at, opened from reconciliation
where partner = $1 and role = 'theirs' and run = $2 for update
