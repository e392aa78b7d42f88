-- A number that a movement has, or another form, is not reserved; the caller takes the next.
insert into fallback_paper (mode, mrn, role, position, state)
select $1, $2, 'departure', coalesce(max(position), 0) + 1, 'reserved' from fallback_paper where mode = $1
having not exists (select from movement where movement.mrn = $2 and movement.mrn <> '')
on conflict do nothing
returning mrn
