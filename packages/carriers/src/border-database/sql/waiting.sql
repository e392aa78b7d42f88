select sender, id, addressee, kind, expires_at as "expiresAt", size, bytes from border.waiting($1, $2, $3)
