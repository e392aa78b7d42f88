-- What may be kept no longer ends, so many at a time.
update share_item set block = null, ended_at = $1, end_reason = 'retention'
where (owner, item) in (
  select owner, item from share_item where ended_at is null and until <= $1 order by until limit $2 for update skip locked)
returning owner, item, contract_id as "contractId", version
