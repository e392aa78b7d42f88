select case state when 'leased' then 'waiting' else state end as state, coalesce(wrong, '[]') as wrong
from corridor_gateway.outbox where id = $1
