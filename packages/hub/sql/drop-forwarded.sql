-- A repeat of an object that has expired is refused for that: nobody needs to remember it. The journal does.
delete from forwarded_object where (sender, id) in (
  select sender, id from forwarded_object where state <> 'under-way' and expires_at <= $1 limit 1000)
