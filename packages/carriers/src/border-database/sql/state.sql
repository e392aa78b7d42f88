-- What waits of each member for each that it has put something for; of a member that has put nothing yet, nothing for nobody.
select m.party, p.addressee,
  coalesce(p.objects - coalesce(s.objects, 0), 0)::bigint as "objects",
  coalesce(p.bytes - coalesce(s.bytes, 0), 0)::bigint as "bytes"
from border.member m
left join border.put_pair p on p.sender = m.party
left join border.settled_total s on s.sender = p.sender and s.addressee = p.addressee
where m.removed_at is null
order by m.party, p.addressee
