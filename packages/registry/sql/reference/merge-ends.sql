-- A row that says when a code ended, beside the row of the code: one entry that ends.
with cut as (
  update reference_staging s set valid_to = e.valid_to
  from reference_staging e
  where e.end_only and not s.end_only and s.list = e.list and s.code = e.code
    and s.valid_from <= e.valid_to and s.valid_to > e.valid_to
  returning e.list, e.code
)
delete from reference_staging s using cut where s.end_only and s.list = cut.list and s.code = cut.code
