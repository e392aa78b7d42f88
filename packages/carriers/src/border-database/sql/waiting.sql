select sender, id, addressee, kind, expires_at as "expiresAt", size, bytes, clock_timestamp() as "shownAt" from border.waiting($1, $2, $3)
