select role, office, state, count(*) as movements from movement group by role, office, state
