select coalesce(max(number), 0)::int as number from webhook_secret where webhook = $1
