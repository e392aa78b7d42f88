-- Which messages belong to the time from $2 to $3 with the partner $1: of those sent to it ($4), and of those that came from it ($5).
select direction, message_id
from counted_message
where partner = $1 and counted_at >= $2 and counted_at < $3
  and message_id = any (case direction when 'out' then $4::text[] else $5::text[] end)
