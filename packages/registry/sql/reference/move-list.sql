update reference_list
set latest = latest + 1, published = case when $2::boolean then latest + 1 else published end,
  version = case when $2::boolean then $3 else version end
where id = $1
