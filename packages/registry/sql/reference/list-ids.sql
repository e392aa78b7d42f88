select id from reference_list order by id
