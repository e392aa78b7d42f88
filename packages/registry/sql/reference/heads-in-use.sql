select id, names, source, version, owner, country, kind, illustrative, completeness, note, published
from reference_list
where published > 0 and split_part(id, '/', 1) = any ($1)
order by id
