insert into fallback_explanation (mode, mrn, flag, reason, actor, at) values ($1, $2, $3, $4, $5, $6)
on conflict (mode, mrn, flag) do update set reason = $4, actor = $5, at = $6
