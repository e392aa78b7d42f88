-- Who has not been sent the version in use of a list that belongs to $1, and is not still to answer for an earlier one.
select s.list, s.party
from reference_subscription s join reference_list l on l.id = s.list
where l.owner = $1 and l.published > s.sent and (s.sent <= s.version or s.refusal is not null)
order by s.list, s.party
