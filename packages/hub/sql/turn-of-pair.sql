-- When it is the turn of the next object from $1 to $2; $3 is now. It begins where those of other members for the same addressee stand, and
-- comes a moment after the last one of its own pair: so senders take turns, whatever each has piled up.
select least($3::timestamptz, greatest(
  coalesce((select min(turn) from forwarded_object where state = 'under-way' and addressee = $2), $3::timestamptz),
  (select max(turn) from forwarded_object where state = 'under-way' and sender = $1 and addressee = $2) + interval '1 millisecond'
)) as turn
