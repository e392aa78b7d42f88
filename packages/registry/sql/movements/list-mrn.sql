-- Who gives a whole MRN is looking for that movement: its index finds it, however many there are.
select id, mrn, lrn, state, summary, needs_act, updated_at, 1 as total
from movement
where mrn = $3 and mrn <> '' and role = $1 and office = $2 and ($4 = '' or state = $4)
