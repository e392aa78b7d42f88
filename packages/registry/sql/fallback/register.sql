update fallback_paper
set state = $3, declarant = $4, lrn = $5, at = $6, day = $7, packages = $8, gross_mass = $9
where mode = $1 and mrn = $2
