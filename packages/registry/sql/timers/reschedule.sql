update movement_timer set due = $3, look_at = $3, tries = 0, note = $4
where movement = $1 and timer = $2 and paused_at is null
returning due
