update file_request set state = $2, code = $3, note = $4, files = $5, settled_by = $6, settled_at = $7 where id = $1
