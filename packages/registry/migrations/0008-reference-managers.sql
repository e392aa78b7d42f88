-- A reference-data manager acts for the administration: of neither an office nor an economic operator.
alter table account drop constraint account_role_check;
alter table account add constraint account_role_check
  check (role in ('departure', 'transit', 'destination', 'guarantee', 'reference', 'trader'));
alter table account drop constraint account_check;
alter table account add constraint account_check
  check ((trader is not null) = (role = 'trader') and (office is null) = (role in ('reference', 'trader')));
