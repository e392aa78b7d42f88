-- Why messages were not mended, in the words of who does not do it.
update reconciliation_difference as difference set told = given.why
from unnest($2::text[], $3::text[]) as given (message_id, why)
where reconciliation = $1 and difference.message_id = given.message_id and told is null
