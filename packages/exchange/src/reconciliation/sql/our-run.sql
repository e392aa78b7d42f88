-- A comparison of ours with the partner $1 by the name that it has on the wire.
select number, run, partner, day, state, repair, pages, opened, asked_at, ordered_at from reconciliation
where partner = $1 and role = 'ours' and run = $2 for update
