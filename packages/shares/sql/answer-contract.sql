update share_contract set state = $4, answered_at = $5, answered_by = $6, reason = $7
where owner = $1 and id = $2 and version = $3 and state = 'offered'
