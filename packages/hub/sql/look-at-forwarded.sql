-- Objects that nobody looked at since $1, the oldest look first; several processes of the hub share them. What has been under way for long is
-- looked at less often, up to every ten minutes and when it expires: `looked_at` is ahead of the clock by that. A look that is further
-- ahead is of a clock that was.
update forwarded_object
set looked_at = least(expires_at, $3::timestamptz + least(($3::timestamptz - forwarded_at) / 10, interval '10 minutes'))
where (sender, id) in (
  select sender, id from forwarded_object
  where state = 'under-way' and (looked_at <= $1 or looked_at > $3::timestamptz + interval '11 minutes')
  order by looked_at
  limit $2
  for update skip locked)
returning sender, id, came_as, conversation, message_id, expires_at
