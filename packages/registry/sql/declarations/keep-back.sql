update declaration set kept_back = $2 where id = $1
