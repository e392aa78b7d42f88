insert into import_draft (declaration, version, draft, complete, left_out) values ($1, $2, $3, $4, $5)
on conflict (declaration) do update set version = excluded.version, draft = excluded.draft, complete = excluded.complete,
  left_out = excluded.left_out
