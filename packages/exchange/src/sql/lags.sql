-- From the decision to the verified receipt, over the last thousand receipts of each partner since $2.
select party, count(*) as receipts,
  percentile_cont(array[0.5, 0.9, 0.99]) within group (order by extract(epoch from receipted_at - created_at)::float8) as seconds
from unnest($1::text[]) as party
cross join lateral (
  select created_at, receipted_at from outbox
  where recipient = party and link in ('as4', 'carried') and state = 'receipted' and receipted_at > $2
  order by receipted_at desc limit 1000
) as last
group by party
