update share_contract set state = 'replaced', ended_at = $4
where owner = $1 and id = $2 and version < $3 and state in ('offered', 'accepted')
