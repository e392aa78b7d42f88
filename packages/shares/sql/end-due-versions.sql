update share_contract set state = 'ended', ended_at = $3
where owner = $1 and id = $2 and valid_to <= $3 and state in ('offered', 'accepted', 'replaced')
