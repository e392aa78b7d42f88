insert into unavailability (country, functionality, type, starts_at, ends_at, explanation, note, fallback, fallback_note, is_own, told_at, message_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
on conflict (country, functionality, type, starts_at) do update
set ends_at = excluded.ends_at, explanation = excluded.explanation, note = excluded.note, fallback = excluded.fallback,
  fallback_note = excluded.fallback_note, is_own = excluded.is_own, told_at = excluded.told_at, message_id = excluded.message_id
