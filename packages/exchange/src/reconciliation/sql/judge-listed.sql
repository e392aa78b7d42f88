-- What the partner $2 has listed, beside what is here under the same ids, of whichever day. `offset 0`: found by its id, and then looked at. In a
-- database of which PostgreSQL knows nothing yet, as after a restore, it would read all that ever went to the partner, for each of them.
insert into reconciliation_difference (reconciliation, direction, message_id, digest, kind)
select $1, direction, message_id, digest, kind
from (
  select item.direction, item.message_id, item.digest,
    case
      when own.digest is null and item.direction = 'out' then 'unknown-here'
      -- Without our receipt it is on its way, or will be sent again by itself.
      when own.digest is null and not item.receipted then 'under-way'
      when own.digest is null then 'missing-here'
      when own.digest <> item.digest then 'differs'
      when not own.receipted then 'no-receipt'
    end as kind
  from reconciliation_item as item
  left join lateral (
    select payload_digest as digest, state = 'receipted' as receipted
    from (select * from outbox where outbox.message_id = item.message_id offset 0) as sent
    where item.direction = 'out' and recipient = $2 and link in ('as4', 'carried')
    union all
    select payload_digest, true from returned_message as returned
    where item.direction = 'out' and partner = $2 and returned.message_id = item.message_id
    union all
    select payload_digest, true from inbox
    where item.direction = 'in' and sender = $2 and inbox.message_id = item.message_id
    limit 1
  ) as own on true
  where item.reconciliation = $1
) as judged
where kind is not null
