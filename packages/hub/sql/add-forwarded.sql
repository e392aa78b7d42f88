-- An object is forwarded once, whoever repeats it.
insert into forwarded_object (sender, id, addressee, kind, digest, expires_at, came_as, conversation, message_id, forwarded_at, looked_at, size,
  turn)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11, $12)
on conflict do nothing
returning id
