insert into border.object (sender, id, addressee, kind, expires_at, bytes) values ($1, $2, $3, $4, $5, $6)
