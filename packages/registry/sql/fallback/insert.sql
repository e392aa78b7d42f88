insert into fallback_mode (role, office, year, count, state, reason, note, began_at, created_at, updated_at)
select $1, $2, $3::integer, coalesce(max(count), 0) + 1, $4, $5, $6, $7::timestamptz, $8::timestamptz, $8::timestamptz
from fallback_mode where office = $2 and year = $3::integer
returning id, role, office, year, count, state, reason, note, began_at, ended_at, version
