delete from webhook_secret where valid_until <= $1
