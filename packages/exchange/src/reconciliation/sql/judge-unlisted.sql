-- What is here of the day and the parts (see list-day.sql), and was not listed: the partner may count it to another day, and is asked.
insert into reconciliation_difference (reconciliation, direction, message_id, digest, kind)
select $6, direction, message_id, digest, 'question'
from counted_message as own, sha256(convert_to(message_id, 'UTF8')) as hash
where partner = $1 and counted_at >= $2 and counted_at < $3
  and get_byte(hash, 0) * 4 + (get_byte(hash, 1) >> 6) = any (case direction when 'out' then $4::int[] else $5::int[] end)
  and not exists (
    select from reconciliation_item as item
    where item.reconciliation = $6 and item.direction = own.direction and item.message_id = own.message_id)
returning direction, message_id, digest
