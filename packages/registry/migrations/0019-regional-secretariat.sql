-- An officer of a regional secretariat sees the hub's board, and nothing else.
alter table account drop constraint account_role_check;
alter table account add constraint account_role_check
  check (role in ('departure', 'transit', 'exit', 'destination', 'guarantee', 'reference', 'operations', 'regional', 'trader', 'system'));
alter table account drop constraint account_check;
alter table account add constraint account_check
  check ((trader is not null) = (role = 'trader') and (system is not null) = (role = 'system')
    and (office is null) = (role in ('reference', 'operations', 'regional', 'trader', 'system')));
