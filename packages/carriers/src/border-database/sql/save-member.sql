-- Asked first: `on conflict` would wait for a transaction that a member holds open, and a member must not hold up its operator.
with back as (
  update border.member set removed_at = null where party = $1 and removed_at is not null
)
insert into border.member (party, role) select $1, $2 where not exists (select from border.member where party = $1)
