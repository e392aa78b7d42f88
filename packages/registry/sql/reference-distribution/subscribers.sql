-- Who has what of the lists that belong to $1.
select s.party, s.list, s.version, s.sent, l.published, s.refusal, s.subscribed_at, s.acknowledged_at
from reference_subscription s join reference_list l on l.id = s.list
where l.owner = $1
order by s.list, s.party
