delete from unavailability where country = $1 and functionality = $2 and type = $3 and starts_at = $4
