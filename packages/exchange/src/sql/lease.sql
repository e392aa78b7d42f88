-- Up to $3 due messages for partners, in order per partner and conversation. $5 are the partners that may have some, each up to the
-- number in $6: a partner that is slow or has a long queue takes no place of another.
update outbox set lease = $4, leased_until = $2, tries = tries + 1
where id in (
  select due.id
  from unnest($5::text[], $6::int[]) as partner (party, places)
  cross join lateral (
    select id from outbox due
    where link in ('as4', 'carried') and state in ('queued', 'sent') and recipient = party and due_at <= $1
      -- One that ends later than a new one would was taken by a clock that is ahead; two processes may differ by a minute.
      and (leased_until is null or leased_until <= $1 or leased_until > $2::timestamptz + interval '1 minute')
      -- See claim.sql on the scalar subquery. The order is that of the one right index: on an empty table another would seem as good.
      and (
        select older.id from outbox older
        where older.link in ('as4', 'carried') and older.state in ('queued', 'sent') and older.recipient = due.recipient
          and older.conversation = due.conversation and older.id < due.id order by older.id limit 1) is null
    order by due_at, id
    limit places
    for update skip locked) as due
  limit $3)
returning id::text, message_id, sender, recipient, conversation, document_type, ref_to, payload, payload_digest, created_at, tries,
  sealed, sealed_content_type, sealed_references, sealed_by
