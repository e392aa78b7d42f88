-- Configuration is the master of who exists: a second start renames or moves an account, and keeps its language.
insert into account (id, name, role, office, trader, system, locale, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (id) do update
set name = excluded.name, role = excluded.role, office = excluded.office, trader = excluded.trader,
  system = excluded.system
returning id, name, role, office, trader, system, locale, created_at, disabled_at
