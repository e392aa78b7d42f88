select l.id, l.names, l.source, l.version, l.owner, l.kind, l.illustrative, l.completeness, l.note, l.country, l.published, l.latest,
  v.published_at,
  (select count(*) from reference_entry e
   where e.list = l.id and e.added_in <= l.published and (e.removed_in is null or e.removed_in > l.published)) as entries
from reference_list l left join reference_version v on v.list = l.id and v.number = l.published
where $1::text is null or l.id = $1
order by l.id
