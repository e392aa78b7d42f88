update webhook set disabled_at = $2, disabled_reason = $3 where id = $1 and disabled_at is null returning host
