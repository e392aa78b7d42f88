-- The objects of messages of ours that were given up and may still lie at a third place.
select message_id, recipient, sealed_references -> 0 ->> 'objectId' as object_id from outbox
where message_id = any ($1::text[]) and link in ('as4', 'carried') and state = 'parked' and sealed_references -> 0 ->> 'objectId' is not null
