-- The approved batch whose turn it is, for one process at a time: the lock ends with the transaction, and with a process that is killed.
select id::text, act, reason, requested_by, decided_by, requested_at
from message_batch where state = 'approved'
order by id limit 1
for update skip locked
