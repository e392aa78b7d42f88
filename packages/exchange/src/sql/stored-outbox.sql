-- Stored values of messages that are owed, a few messages at a time.
select id, message_id, payload, payload_digest, sealed as wire, 'sealed' as wire_is, receipt
from outbox where id > $1 order by id limit 25
