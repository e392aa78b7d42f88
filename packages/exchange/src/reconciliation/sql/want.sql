-- A comparison that is to begin. Of the one of each day there is one only, whichever process thinks of it.
insert into reconciliation (run, partner, role, day, state, repair, automatic, follows, actor, reason, wanted_at)
values ($1, $2, 'ours', $3, 'wanted', $4, $5, $6, $7, $8, $9)
on conflict (partner, day) where automatic do nothing
returning number
