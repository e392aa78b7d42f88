insert into share_reading (owner, id, item, contract_id, version, who, read_at, message_id, noted_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict do nothing
returning id
