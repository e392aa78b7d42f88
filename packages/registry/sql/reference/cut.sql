-- Ends what the file changes or has no more: $1 lists, $2 day of the file, $3 whether what it does not have has ended.
with file as (
  select list, code, min(valid_from) filter (where same is distinct from 0) as first,
    min(valid_to) filter (where same = 0) as ended
  from reference_staging group by list, code
), cut as (
  select e.id, h.latest + 1 as number, coalesce(f.first - 1, f.ended, $2::date - 1) as last
  from reference_entry e
    join reference_list h on h.id = e.list
    left join file f on f.list = e.list and f.code = e.code
  where e.list = any ($1) and e.removed_in is null and (f.code is not null or $3::boolean)
    and not exists (select from reference_staging s where s.list = e.list and s.code = e.code and s.same = e.id)
), removed as (
  update reference_entry e set removed_in = cut.number from cut where e.id = cut.id and e.valid_to > cut.last
  returning e.*, cut.last
)
insert into reference_entry (list, code, valid_from, valid_to, end_only, parent, texts, names, items, key_items, groups, digest, words,
  added_in)
select list, code, valid_from, last, end_only, parent, texts, names, items, key_items, groups, digest, words, removed_in
-- Before an entry that was always there, nothing is left of the one that it replaces.
from removed where valid_from <= last and last > '-infinity'
