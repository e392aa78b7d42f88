-- The last copy is the one that was said last, not the one that came last.
insert into regional_member (party, copies, last_copy_at, last_said_at) values ($1, 1, $2, $3)
on conflict (party) do update set copies = regional_member.copies + 1, last_copy_at = excluded.last_copy_at,
  last_said_at = greatest(regional_member.last_said_at, excluded.last_said_at)
