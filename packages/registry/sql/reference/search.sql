-- Codes that begin so ($1 up to $2) before names with the words $3; in the list $4, on the day $5.
with by_code as (
  select e.list, e.code, coalesce(e.names, e.texts) as shown, e.valid_from, e.valid_to, 0 as place
  from reference_entry e join reference_list l on l.id = e.list
  where upper(e.code) >= $1 and upper(e.code) < $2 and ($4::text is null or e.list = $4)
    and e.added_in <= l.published and (e.removed_in is null or e.removed_in > l.published)
    and ($5::date is null or $5::date between e.valid_from and e.valid_to)
  order by upper(e.code)
  limit $6
), by_words as (
  select e.list, e.code, coalesce(e.names, e.texts) as shown, e.valid_from, e.valid_to, 1 as place
  from reference_entry e join reference_list l on l.id = e.list
  where e.words @@ $3::tsquery and ($4::text is null or e.list = $4)
    and not (upper(e.code) >= $1 and upper(e.code) < $2)
    and e.added_in <= l.published and (e.removed_in is null or e.removed_in > l.published)
    and ($5::date is null or $5::date between e.valid_from and e.valid_to)
  limit $6
)
select list, code, shown, valid_from::text, valid_to::text
from (select * from by_code union all select * from by_words) found
order by place, code, list, valid_from
limit $6
