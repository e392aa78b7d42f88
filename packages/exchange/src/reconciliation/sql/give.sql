-- Which of the messages $2 may be given for this comparison: each once.
insert into reconciliation_given (reconciliation, message_id)
select $1, message_id from unnest($2::text[]) as given (message_id)
on conflict do nothing
returning message_id
