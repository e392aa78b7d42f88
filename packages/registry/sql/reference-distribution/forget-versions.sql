-- Of a copy that had numbers of its own nothing stays, so that the owner's numbers can take their place.
with gone as (delete from reference_version where list = $1)
update reference_list set latest = 0, published = 0 where id = $1
