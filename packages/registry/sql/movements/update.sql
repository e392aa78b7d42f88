update movement
set state = $2, data = $3, summary = $4, search = $5, needs_act = $6, secrets = $7, updated_at = $8, mrn = $9, version = version + 1
where id = $1
returning id, version
