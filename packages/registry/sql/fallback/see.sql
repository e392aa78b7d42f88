-- The same request again is noted once.
update fallback_paper paper set seen = case when seen @> jsonb_build_array(jsonb_build_object('document', $2::text, 'office', $3::text)) then seen
  else seen || jsonb_build_array(jsonb_build_object('document', $2::text, 'office', $3::text, 'identification', $4::text, 'at', $5::text)) end
from fallback_mode mode
where mrn = $1 and paper.role = 'departure' and mode.id = paper.mode
returning mode.office, mode.year, mode.count
