update fallback_paper set state = 'returned' where mode = $1 and state = 'reserved' returning mrn
