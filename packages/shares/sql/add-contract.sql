insert into share_contract (owner, id, version, reader, contract, digest, valid_from, valid_to, state, offered_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, 'offered', $9)
on conflict do nothing
returning version
