insert into reconciliation_item (reconciliation, direction, message_id, digest, receipted)
select $1, direction, message_id, digest, receipted
from unnest($2::text[], $3::text[], $4::bytea[], $5::boolean[]) as given (direction, message_id, digest, receipted)
on conflict do nothing
returning message_id
