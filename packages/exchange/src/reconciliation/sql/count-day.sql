-- How many messages of the time from $2 to $3 there are with the partner $1, by direction and part, each with a digest over all of it.
with day as materialized (
  select direction, digest, sha256(convert_to(message_id, 'UTF8')) as hash
  from counted_message where partner = $1 and counted_at >= $2 and counted_at < $3
)
select direction, get_byte(hash, 0) * 4 + (get_byte(hash, 1) >> 6) as bucket, count(*) as count,
  sha256(string_agg(sha256(hash || digest), ''::bytea order by hash)) as digest
from day
group by 1, 2
