-- The contracts under which something may go from an owner ($1) to a reader ($2) at $3, locked against their end until it is owed.
select owner, id, version, reader, contract, digest, valid_from as "validFrom", valid_to as "validTo", state, offered_at as "offeredAt",
  answered_at as "answeredAt", answered_by as "answeredBy", ended_at as "endedAt", ended_by as "endedBy", reason
from share_contract where owner = $1 and reader = $2 and state = 'accepted' and valid_from <= $3 and valid_to > $3
order by id
for share
