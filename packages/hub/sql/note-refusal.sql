insert into regional_member (party, refused, last_refused_at, last_refusal) values ($1, 1, $2, $3)
on conflict (party) do update set refused = regional_member.refused + 1, last_refused_at = excluded.last_refused_at,
  last_refusal = excluded.last_refusal
