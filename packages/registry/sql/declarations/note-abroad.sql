insert into import_abroad (declaration, state, day) values ($1, $2, $3)
on conflict (declaration) do update set state = excluded.state, day = excluded.day
