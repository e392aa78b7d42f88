-- Disabling keeps the first time; enabling (null) clears it. Nothing else needs ending: every look-up of a link, session or
-- token reads disabled_at.
update account
set disabled_at = case when $2::timestamptz is null then null else coalesce(disabled_at, $2) end
where id = $1
returning id, name, role, office, trader, system, locale, created_at, disabled_at
