select event, type, subject, state, tries, reason, status, due_at, created_at, settled_at
from webhook_delivery where webhook = $1
order by id desc
limit $2
