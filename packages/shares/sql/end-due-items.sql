-- What may be kept no longer ends, so many at a time.
update share_item i set block = null, ended_at = $1, end_reason = 'retention'
from share_contract c
where c.owner = i.owner and c.id = i.contract_id and c.version = i.version and (i.owner, i.item) in (
  select owner, item from share_item where ended_at is null and until <= $1 order by until limit $2 for update skip locked)
returning i.owner, i.item, i.contract_id as "contractId", i.version, c.reader
