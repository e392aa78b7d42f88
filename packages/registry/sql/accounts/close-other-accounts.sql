-- Configuration is the master of who exists: whoever it does not name any more is closed, whoever it names again is open.
update account
set disabled_at = case when id = any ($1::text[]) then null else $2::timestamptz end
where (id = any ($1::text[])) = (disabled_at is not null)
returning id, disabled_at
