-- A copy that is here already. $2 is today in UTC: it has its place among the copies of a day too.
insert into regional_member (party, day, day_copies) values ($1, $2::date, 1)
on conflict (party) do update set day = excluded.day,
  day_copies = case when regional_member.day = excluded.day then regional_member.day_copies + 1 else 1 end
