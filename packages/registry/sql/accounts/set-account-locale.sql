update account set locale = $2 where id = $1
returning id, name, role, office, trader, system, locale, created_at, disabled_at
