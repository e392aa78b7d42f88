select id, name, role, office, trader, system, locale, created_at, disabled_at from account order by id
