select id, role, office, year, count, state, reason, note, began_at, ended_at, version
from fallback_mode where office = $1 and role = $2 and state in ('prepared', 'open')
