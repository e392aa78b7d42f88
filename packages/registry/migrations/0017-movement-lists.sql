-- The list of an office is read in its order, and counted no further than it is shown: a page costs the same with a thousand movements and with a million.
drop index movement_desk;
create index movement_desk on movement (role, office, needs_act desc, updated_at desc, id desc);
create index movement_desk_state on movement (role, office, state, needs_act desc, updated_at desc, id desc);
