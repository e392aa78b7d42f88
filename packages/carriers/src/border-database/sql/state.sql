select p.party,
  p.objects - coalesce(sum(s.objects), 0)::bigint as "objects",
  p.bytes - coalesce(sum(s.bytes), 0)::bigint as "bytes"
from border.put_total p
join border.member m on m.party = p.party and m.removed_at is null
left join border.settled_total s on s.sender = p.party
group by p.party, p.objects, p.bytes order by p.party
