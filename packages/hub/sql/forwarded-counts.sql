select count(*) filter (where state = 'under-way')::int as under_way, count(*) filter (where state = 'delivered')::int as delivered,
  count(*) filter (where state = 'refused')::int as refused,
  min(forwarded_at) filter (where state = 'under-way') as oldest_under_way_at
from forwarded_object
