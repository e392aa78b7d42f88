-- Offices of exit for transit keep records of movements, and have officers.
alter table account drop constraint account_role_check;
alter table account add constraint account_role_check
  check (role in ('departure', 'transit', 'exit', 'destination', 'guarantee', 'reference', 'trader'));
alter table movement drop constraint movement_role_check;
alter table movement add constraint movement_role_check
  check (role in ('departure', 'transit', 'exit', 'destination', 'guarantee'));
