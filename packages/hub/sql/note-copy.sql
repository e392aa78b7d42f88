-- The last copy is the one that was said last, not the one that came last. $4 is today in UTC.
insert into regional_member (party, copies, last_copy_at, last_said_at, day, day_copies) values ($1, 1, $2, $3, $4::date, 1)
on conflict (party) do update set copies = regional_member.copies + 1, last_copy_at = excluded.last_copy_at,
  last_said_at = greatest(regional_member.last_said_at, excluded.last_said_at), day = excluded.day,
  day_copies = case when regional_member.day = excluded.day then regional_member.day_copies + 1 else 1 end
