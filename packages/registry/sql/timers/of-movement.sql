select timer, due, paused_at, paused_by, note from movement_timer where movement = $1 order by due, timer
