-- What the version $2 had and the newest one has no more.
insert into reference_entry (list, code, valid_from, valid_to, end_only, parent, texts, names, items, key_items, groups, digest, words,
  added_in)
select e.list, e.code, e.valid_from, e.valid_to, e.end_only, e.parent, e.texts, e.names, e.items, e.key_items, e.groups, e.digest,
  e.words, h.latest + 1
from reference_entry e join reference_list h on h.id = e.list
where e.list = $1 and e.added_in <= $2 and e.removed_in > $2 and e.removed_in <= h.latest
order by e.code, e.valid_from
