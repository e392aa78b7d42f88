select role from movement where mrn = $1 and mrn <> '' and office = $2
