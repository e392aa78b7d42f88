with side_by_side as (
  select line, code, valid_from,
    max(valid_to) over (partition by list, code order by valid_from, line rows between unbounded preceding and 1 preceding) as before
  from reference_staging
)
select line, code || ' is there twice at one time' as reason from side_by_side where before >= valid_from
union all
select line, s.code || ': the list has no ' || s.parent || ' above it'
from reference_staging s
where s.parent is not null
  and not exists (select from reference_staging p where p.list = s.list and p.code = s.parent)
  and not exists (select from reference_entry p where p.list = s.list and p.code = s.parent and p.removed_in is null)
order by line
