select office from movement where mrn = $1 and mrn <> '' and role = $2
order by office limit 1
