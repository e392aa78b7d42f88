insert into reference_entry (list, code, valid_from, valid_to, end_only, parent, texts, names, items, key_items, groups, digest, words,
  added_in)
select s.list, s.code, s.valid_from, s.valid_to, s.end_only, s.parent, s.texts, s.names, s.items, s.key_items, s.groups, s.digest,
  s.words, h.latest + 1
from reference_staging s join reference_list h on h.id = s.list
where s.same is null
order by s.list, s.code, s.valid_from
