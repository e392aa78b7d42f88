-- The bytes of what was sent on; digest and receipt stay, so that a repeat gets the same receipt.
update inbox set payload = '', raw = case when raw is null then null else ''::bytea end
where message_id = any ($1::text[]) and sender = $2
