select id, role, office, year, count, state, reason, note, began_at, ended_at, version
from fallback_mode where office = $1 and year = $2 and count = $3
