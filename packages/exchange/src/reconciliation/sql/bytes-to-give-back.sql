-- The message $2 of the partner $1 with all that was kept of it.
select link, raw, raw_content_type, receipt, receipt_content_type
from inbox
where sender = $1 and message_id = $2 and link in ('as4', 'carried')
