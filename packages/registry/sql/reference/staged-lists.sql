select distinct list from reference_staging order by list
