insert into reference_part (list, part, parts, version, previous, digest, payload, received_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (list, part) do nothing
