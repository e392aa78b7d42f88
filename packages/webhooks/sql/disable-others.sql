update webhook set disabled_at = $2, disabled_reason = 'owner-closed'
where owner <> all ($1::text[]) and disabled_at is null
returning id, host, owner
