insert into share_item (owner, item, contract_id, version, subject, digest, block, shared_at, until)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict do nothing
returning item
