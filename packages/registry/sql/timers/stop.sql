delete from movement_timer where movement = $1 and timer = $2
