-- Movements of a corridor ($1, $2), in a state ($3), with a trouble ($4), by the beginning of their MRN ($5); $6 is today.
select mrn, departure, destination, transit, office_of_departure, office_of_destination, arrived_in, state,
  coalesce(state in ('released', 'crossed', 'enquiry') and limit_date < $6::date, false) as is_late,
  released_at, to_char(limit_date, 'YYYY-MM-DD') as limit_date, arrived_at, ended_at, last_told_at, contradictions
from regional_movement
where ($1::text is null or departure = $1) and ($2::text is null or destination = $2) and ($3::text is null or state = $3)
  and ($4::text is null or case $4 when 'late' then state in ('released', 'crossed', 'enquiry') and limit_date < $6::date
    else contradictions <> '[]' end)
  and ($5::text is null or mrn like $5)
order by last_told_at desc, mrn limit $7 offset $8
