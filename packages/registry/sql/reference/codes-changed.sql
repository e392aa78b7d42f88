-- The codes that were there before the version $2 of the list $1, and that it ends or changes.
select was.code, bool_or(was.valid_to = 'infinity') and not exists (
    select from reference_entry now where now.list = $1 and now.code = was.code and now.valid_to = 'infinity'
      and now.added_in <= $2 and (now.removed_in is null or now.removed_in > $2)) as ended
from reference_entry was
where was.list = $1 and was.removed_in = $2
group by was.code
