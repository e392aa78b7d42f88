-- A code that came for a time for which another entry of it is still there.
select s.code
from reference_staging s join reference_entry e on e.list = s.list and e.code = s.code
where s.same is null and e.removed_in is null and e.valid_from <= s.valid_to and s.valid_from <= e.valid_to
limit 1
