update movement_timer
set due = due + ($3::timestamptz - paused_at), look_at = due + ($3::timestamptz - paused_at), tries = 0, paused_at = null,
  paused_by = null, note = ''
where movement = $1 and timer = $2 and paused_at is not null
returning due
