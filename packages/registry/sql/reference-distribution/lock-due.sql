-- As due.sql of one list $2 and party $3; none while another process sends it.
select s.version, s.digest, l.published
from reference_subscription s join reference_list l on l.id = s.list
where l.owner = $1 and s.list = $2 and s.party = $3 and l.published > s.sent and (s.sent <= s.version or s.refusal is not null)
for update of s skip locked
