-- The bytes of what was sent on and has arrived, or never will; digests and receipt stay.
update outbox set payload = '', sealed = case when sealed is null then null else ''::bytea end
where message_id = any ($1::text[]) and state in ('receipted', 'parked', 'discarded')
