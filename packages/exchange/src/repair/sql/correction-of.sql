-- The corrected document on which a message is decided, else the one that was asked for last.
select document, document_digest from message_correction
where message = $1
order by batch = (select correction from inbox where id = $1) desc nulls last, batch desc limit 1
