select role, office, version from movement where mrn = $1 and mrn <> ''
