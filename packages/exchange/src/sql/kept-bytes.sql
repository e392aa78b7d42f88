-- How many bytes kept-messages.sql would give.
select coalesce(sum(bytes), 0)::bigint as bytes
from (
  select length(payload) + coalesce(length(raw), 0)::bigint + coalesce(length(receipt), 0) as bytes
  from inbox where conversation = any ($1::text[]) and ($2::text[] is null or 'in-' || id = any ($2))
  union all
  select length(payload) + coalesce(length(sealed), 0)::bigint + coalesce(length(receipt), 0)
  from outbox where conversation = any ($1::text[]) and ($2::text[] is null or 'out-' || id = any ($2))
  union all
  select length(payload) from returned_message where conversation = any ($1::text[]) and $2::text[] is null
) as kept
