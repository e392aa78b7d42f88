-- Versions of contracts, the newest first: of all ($2 null) or of one; those before a number, where one is given.
select number::int, owner, id, version, reader, contract, digest, valid_from as "validFrom", valid_to as "validTo", state, offered_at as "offeredAt",
  answered_at as "answeredAt", answered_by as "answeredBy", ended_at as "endedAt", ended_by as "endedBy", reason,
  (select count(*) from share_item i where i.owner = c.owner and i.contract_id = c.id and i.version = c.version)::int as items,
  (select count(*) from share_reading r where r.owner = c.owner and r.contract_id = c.id and r.version = c.version)::int as readings
from share_contract c
where ($2::text is null or (c.owner = $2 and c.id = $3::text)) and ($4::bigint is null or c.number < $4)
order by number desc
limit $1
