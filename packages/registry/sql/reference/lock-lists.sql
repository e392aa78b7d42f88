-- Against another change of the same list; who only refers to it (a new subscription) is not in the way.
select id, latest, published, owner from reference_list where id = any ($1) order by id for no key update nowait
