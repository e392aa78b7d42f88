-- All versions of a contract end: $3 is withdrawn or ended.
update share_contract set state = $3, ended_at = $4, ended_by = $5, reason = $6
where owner = $1 and id = $2 and state in ('offered', 'accepted', 'replaced')
