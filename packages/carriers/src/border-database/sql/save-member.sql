insert into border.member (party, role) values ($1, $2)
on conflict (party) do update set role = excluded.role, removed_at = null
