select country, functionality, type, starts_at, ends_at, explanation, note, fallback, fallback_note, is_own, told_at
from unavailability order by starts_at, country, functionality, type
