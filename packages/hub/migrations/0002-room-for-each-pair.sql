-- What is under way from one member to another has room of its own, and its turn among what is for the same addressee (src/forwarding/room.ts).
-- What is under way already counts as an object without bytes.
alter table forwarded_object add column size int not null default 0, add column turn timestamptz;
create index forwarded_object_pair on forwarded_object (sender, addressee, kind) include (size) where state = 'under-way';
create index forwarded_object_turn on forwarded_object (addressee, turn) where state = 'under-way';
create index forwarded_object_pair_turn on forwarded_object (sender, addressee, turn) where state = 'under-way';

-- Copies of one day (in UTC) of a member.
alter table regional_member add column day date, add column day_copies bigint not null default 0;
