-- $1 how many objects at most, $2 how many bytes at most (but one object always), $3 the largest one that is read.
-- Row security adds to each scan that the addressee is the party of this role.
with recursive sender (party) as (
  (select o.sender from border.object o where o.dealt_as is null and o.addressee = $4 order by o.sender limit 1)
  union all
  select (
    select o.sender from border.object o
    where o.dealt_as is null and o.addressee = $4 and o.sender > s.party order by o.sender limit 1
  )
  from sender s where s.party is not null
), head as (
  -- The senders take turns: what one has piled up holds nobody else up.
  select o.number, o.sender, o.size, row_number() over (partition by o.sender order by o.number) as turn
  from sender s
  cross join lateral (
    select w.number, w.sender, w.size from border.object w
    where w.dealt_as is null and w.addressee = $4 and w.sender = s.party order by w.number limit $1
  ) o
  where s.party is not null
), chosen as (
  select h.number, h.sender, h.turn, h.size, sum(h.size) filter (where h.size <= $3) over (order by h.turn, h.number) as so_far
  from head h order by h.turn, h.number limit $1
)
select o.sender, o.id, o.addressee, o.kind, o.expires_at as "expiresAt", o.size,
  case when o.size <= $3 then o.bytes end as bytes
from chosen c
join border.object o on o.dealt_as is null and o.addressee = $4 and o.sender = c.sender and o.number = c.number
-- What is too large is shown without its bytes.
where c.size > $3 or c.so_far - c.size < $2
order by c.turn, c.number
