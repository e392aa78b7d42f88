select e.list, e.code, e.valid_from::text, e.valid_to::text, e.end_only, e.parent, e.texts, e.items, e.key_items, e.groups
from reference_entry e join reference_list l on l.id = e.list
where e.list = $1
  and e.added_in <= coalesce($2::int, l.published)
  and (e.removed_in is null or e.removed_in > coalesce($2::int, l.published))
  and ($3::date is null or $3::date between e.valid_from and e.valid_to)
  and (e.code, e.valid_from) > ($4, $5::date)
  and ($7::boolean or upper(e.code) >= $8 and upper(e.code) < $9 or e.words @@ $10::tsquery)
order by e.code, e.valid_from
limit $6
