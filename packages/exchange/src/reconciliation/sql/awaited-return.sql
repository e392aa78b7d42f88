select digest from reconciliation_difference
where reconciliation = $1 and direction = 'out' and message_id = $2 and kind = 'unknown-here'
