update border.limits set
  object_bytes = coalesce($1, object_bytes),
  waiting_objects = coalesce($2, waiting_objects),
  waiting_bytes = coalesce($3, waiting_bytes)
returning object_bytes as "objectBytes", waiting_objects as "waitingObjects", waiting_bytes as "waitingBytes"
