-- A message changes its state two or three times, and each time all indexes of its table get an entry: one does for partner and type
-- (src/repair/find.ts), and ids of our own are found by the index that keeps them apart.
create index inbox_kind on inbox (document_type, sender, received_at, id);
drop index inbox_sender;
drop index inbox_type;
drop index inbox_sender_type;
drop index inbox_message_id;
create index inbox_message_id on inbox (message_id);

create index outbox_kind on outbox (document_type, recipient, created_at, id);
drop index outbox_recipient;
drop index outbox_type;
drop index outbox_recipient_type;
drop index outbox_message_id;
