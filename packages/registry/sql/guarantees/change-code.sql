with taken as (
  delete from guarantee_access_code where grn = $1 and digest = $2 and not master
)
insert into guarantee_access_code (grn, digest, master, set_at)
select $1, $3, false, $4 where $3::bytea is not null
on conflict (grn, digest) do nothing
