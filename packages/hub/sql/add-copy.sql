-- One copy, once: the same member, message and words. Answers nothing when it is there already.
insert into regional_copy (sender, message_id, message_type, recipient, mrn, said_at, received_at, elements, digest, came_as)
values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10)
on conflict do nothing
returning id::text
