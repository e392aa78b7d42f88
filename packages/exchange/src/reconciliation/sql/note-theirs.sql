-- A partner has asked how it stands, and was answered.
insert into reconciliation (run, partner, role, day, state, own_total, their_total, opened, wanted_at, asked_at, compared_at)
values ($1, $2, 'theirs', $3, 'compared', $4::jsonb, $5::jsonb, $6::jsonb, $7, $7, $7)
on conflict (partner, role, run) do nothing
returning number
