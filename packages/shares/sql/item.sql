select i.owner, i.item, i.contract_id as "contractId", i.version, i.subject, i.digest, i.block, i.shared_at as "sharedAt", i.until,
  i.ended_at as "endedAt", i.end_reason as "endReason", c.state, c.valid_to as "validTo", c.reader
from share_item i join share_contract c on c.owner = i.owner and c.id = i.contract_id and c.version = i.version
where i.owner = $1 and i.item = $2
for update of i, c
