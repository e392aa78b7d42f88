-- $4 is today in UTC: what is refused has its place among the copies of a day too.
insert into regional_member (party, refused, last_refused_at, last_refusal, day, day_copies) values ($1, 1, $2, $3, $4::date, 1)
on conflict (party) do update set refused = regional_member.refused + 1, last_refused_at = excluded.last_refused_at,
  last_refusal = excluded.last_refusal, day = excluded.day,
  day_copies = case when regional_member.day = excluded.day then regional_member.day_copies + 1 else 1 end
