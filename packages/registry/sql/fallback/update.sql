update fallback_mode
set state = $2, reason = $3, note = $4, began_at = $5, ended_at = $6, updated_at = $7, version = version + 1
where id = $1
