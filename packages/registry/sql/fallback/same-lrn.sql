select mrn from fallback_paper
where role = 'departure' and declarant = $1 and lrn = $2 and state in ('issued', 'entered') and mrn <> $3
