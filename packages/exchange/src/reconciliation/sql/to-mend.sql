select message_id, kind from reconciliation_difference
where reconciliation = $1 and kind in ('missing-there', 'no-receipt', 'missing-here', 'unknown-here')
order by message_id
