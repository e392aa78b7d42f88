-- Only what was asked is answered: an answer to an earlier question, or to none, changes nothing.
update availability set answered_at = $3, status = $4 where party = $1 and mrn = $2 and answered_at is null returning party
