update account_session set revoked_at = $2 where digest = $1 and revoked_at is null
returning account_id
