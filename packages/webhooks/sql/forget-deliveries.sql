delete from webhook_delivery where state <> 'waiting' and settled_at <= $1
