update national_transit set mrn = $3 where trader = $1 and lrn = $2 and mrn is null
