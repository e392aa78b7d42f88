-- An outside system of the administration (its export system, a central service) has a mailbox as a trader has, and is neither an officer
-- nor an economic operator.
alter table account add column system text check (system in ('aes', 'central', 'speed'));
alter table account drop constraint account_role_check;
alter table account add constraint account_role_check
  check (role in ('departure', 'transit', 'exit', 'destination', 'guarantee', 'reference', 'trader', 'system'));
alter table account drop constraint account_check;
alter table account add constraint account_check
  check ((trader is not null) = (role = 'trader') and (system is not null) = (role = 'system')
    and (office is null) = (role in ('reference', 'trader', 'system')));
