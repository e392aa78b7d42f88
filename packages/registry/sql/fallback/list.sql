select mode.id, mode.role, office, year, count, mode.state, reason, note, began_at, ended_at, version,
  count(*) over () as total,
  (select coalesce(jsonb_object_agg(state, papers), '{}') from
    (select state, count(*) as papers from fallback_paper where fallback_paper.mode = mode.id group by state) as each) as papers
from fallback_mode mode
where office = $1 and role = $2
order by id desc limit $3 offset $4
