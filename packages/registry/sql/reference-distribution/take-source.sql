-- A list that we take from $2 from now on; nothing when we do already.
insert into reference_source (list, owner, asked_at) values ($1, $2, $3)
on conflict (list) do nothing
returning list
