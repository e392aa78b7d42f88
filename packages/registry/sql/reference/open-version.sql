insert into reference_version (list, number, state, author, effective, created_at, published_at, note, digest)
select h.id, h.latest + 1, $6, $2, $3::date, $4::timestamptz, case when $6 = 'published' then $4::timestamptz end, $5,
  coalesce((
    select encode(sha256(convert_to(string_agg(
      concat_ws(' ', e.code, e.valid_from, e.valid_to, e.end_only, e.digest), e'\n' order by e.code, e.valid_from), 'UTF8')), 'hex')
    from reference_entry e where e.list = h.id and e.removed_in is null), '')
from reference_list h where h.id = $1
returning number, digest
