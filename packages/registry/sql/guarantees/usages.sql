select use.id, use.mrn, use.amount, use.state, opened.office, opened.at as locked_at, closed.at as closed_at
from guarantee_lock use
join guarantee_transaction opened on opened.id = use.id
left join guarantee_transaction closed on closed.id = use.closed_by
where use.grn = $1 and ($2::date is null or opened.at >= $2::date::timestamp at time zone $6)
  and ($3::date is null or opened.at < ($3::date + 1)::timestamp at time zone $6)
  and (not $4::boolean or use.state <> 'closed') and ($7::text is null or use.mrn = $7)
order by use.id limit $5
