-- What the office of departure knows of movements, where that is one of ours.
select mrn, office, state, summary ->> 'destination' as destination,
  data #>> '{record,CustomsOfficeOfTransitDeclared,0,referenceNumber}' as transit, data ->> 'limitDate' as limit_date
from movement where role = 'departure' and mrn = any ($1)
