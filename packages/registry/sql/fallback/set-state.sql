update fallback_paper set state = $3 where mode = $1 and mrn = $2
