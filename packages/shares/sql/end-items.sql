-- What was shared under a contract ends; at its reader the data go.
update share_item set block = null, ended_at = $3, end_reason = $4
where owner = $1 and contract_id = $2 and ended_at is null
returning item
