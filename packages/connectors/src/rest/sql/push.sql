-- $1 id, $2 declaration, $3 event, $4 content. A concurrent push of the same id waits for the first one and then sees it.
with pushed as (
  insert into corridor_gateway.outbox (id, capture, declaration, event, content, digest)
  values ($1, 'push', $2, $3, $4, sha256($4))
  on conflict (id) do update set id = excluded.id
  returning declaration, event, digest, xmax = 0 as is_new
)
select case
    when is_new then 'pushed'
    when declaration = $2 and event = $3 and digest = sha256($4) then 'there'
    else 'conflict'
  end as outcome
from pushed
