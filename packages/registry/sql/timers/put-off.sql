update movement_timer
set tries = tries + 1, look_at = $3::timestamptz + least(interval '1 minute' * power(2, least(tries, 10)), interval '1 hour'), note = $4
where movement = $1 and timer = $2
returning look_at
