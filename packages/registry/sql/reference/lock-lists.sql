select id, latest, published, owner from reference_list where id = any ($1) order by id for update nowait
