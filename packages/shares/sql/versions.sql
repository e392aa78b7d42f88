-- All versions of a contract, the newest first, locked until the transaction ends.
select owner, id, version, reader, contract, digest, valid_from as "validFrom", valid_to as "validTo", state, offered_at as "offeredAt",
  answered_at as "answeredAt", answered_by as "answeredBy", ended_at as "endedAt", ended_by as "endedBy", reason
from share_contract where owner = $1 and id = $2
order by version desc
for update
