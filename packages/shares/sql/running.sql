select count(*)::int as running from share_contract where owner = $1 and reader = $2 and state in ('offered', 'accepted')
