select id, names, country from reference_list order by id
