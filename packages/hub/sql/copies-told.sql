-- How many copies of a movement ($1) a member ($2) has sent, and whether this one ($3, $4) is among them.
select count(*)::int as copies, coalesce(bool_or(message_id = $3 and digest = $4), false) as known
from regional_copy where mrn = $1 and sender = $2
