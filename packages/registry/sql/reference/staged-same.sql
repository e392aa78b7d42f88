-- What is there already with the same content: from the same day, or from an earlier one on, where the file has nothing before it.
-- The row of an end that is known says nothing new either; 0 marks one that only ends what is there (cut.sql).
with first as (
  select list, code, min(valid_from) as day from reference_staging group by list, code
)
update reference_staging s
set same = coalesce(
  (select l.id from reference_entry l
   where l.list = s.list and l.code = s.code and l.removed_in is null and l.digest = s.digest and l.end_only = s.end_only
     and l.valid_to = s.valid_to and (l.valid_from = s.valid_from or l.valid_from < s.valid_from and s.valid_from = first.day)
   limit 1),
  case when s.end_only and exists (
    select from reference_entry l where l.list = s.list and l.code = s.code and l.removed_in is null) then 0 end)
from first
where first.list = s.list and first.code = s.code
