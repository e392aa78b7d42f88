update movement_timer set paused_at = $3, paused_by = $4, note = $5
where movement = $1 and timer = $2 and paused_at is null
returning timer
