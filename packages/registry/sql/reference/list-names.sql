select id, names from reference_list order by id
