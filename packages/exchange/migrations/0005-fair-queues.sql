-- Whose message comes next: what one sender has sent above its share comes after what others send (src/fair-order.ts). Rows of a
-- program that did not know of it are ordered by the time at which they are due.
alter table inbox add column turn timestamptz;
create index inbox_turn on inbox (coalesce(turn, due_at), id) where state in ('received', 'waiting');
drop index inbox_due;

-- Each partner has its own places in the sender.
create index outbox_due_partner on outbox (recipient, due_at, id) where link = 'as4' and state in ('queued', 'sent');
drop index outbox_due;
