insert into movement_timer (movement, timer, due, look_at) values ($1, $2, $3, $3)
on conflict (movement, timer) do update
set due = excluded.due, look_at = excluded.due, tries = 0, paused_at = null, paused_by = null, note = ''
