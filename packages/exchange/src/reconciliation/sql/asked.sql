update reconciliation set state = 'asked', asked_at = $2, own_total = $3::jsonb where number = $1
