with version as (
  delete from reference_version where list = $1 and number = $2 and state <> 'published' returning number
)
update reference_list set latest = published from version where id = $1
returning id
