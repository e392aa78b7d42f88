select count(*) as count from reconciliation_difference where reconciliation = $1 and kind = 'question'
