select distinct owner, id from share_contract where valid_to <= $1 and state in ('offered', 'accepted', 'replaced') limit $2
