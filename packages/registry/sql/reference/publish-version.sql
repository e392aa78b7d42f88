with version as (
  update reference_version set state = 'published', published_at = $3
  where list = $1 and number = $2 and state = 'reviewed'
  returning number, effective
)
update reference_list set published = version.number, version = version.effective::text from version where id = $1
returning id
