-- Stored values of messages that came, a few messages at a time.
select id, message_id, payload, payload_digest, raw as wire, 'raw' as wire_is, receipt
from inbox where id > $1 order by id limit 25
