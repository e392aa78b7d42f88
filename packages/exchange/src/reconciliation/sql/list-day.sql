-- The messages of a day (see count-day.sql) in the parts $4 of what was sent and $5 of what came.
select direction, message_id, digest, receipted
from counted_message, sha256(convert_to(message_id, 'UTF8')) as hash
where partner = $1 and counted_at >= $2 and counted_at < $3
  and get_byte(hash, 0) * 4 + (get_byte(hash, 1) >> 6) = any (case direction when 'out' then $4::int[] else $5::int[] end)
order by direction, message_id
