update fallback_paper set state = 'entered' where mrn = $1 and role = 'departure' returning mode
