insert into webhook (id, owner, host, url, description, created_at) values ($1, $2, $3, $4, $5, $6)
