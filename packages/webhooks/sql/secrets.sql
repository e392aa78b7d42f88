select number, secret from webhook_secret where webhook = $1 and (valid_until is null or valid_until > $2) order by number desc
