-- Objects that nobody looked at since $1, the oldest look first; several processes of the hub share them.
update forwarded_object set looked_at = $3
where (sender, id) in (
  select sender, id from forwarded_object
  where state = 'under-way' and looked_at <= $1
  order by looked_at
  limit $2
  for update skip locked)
returning sender, id, came_as, conversation, message_id, expires_at
