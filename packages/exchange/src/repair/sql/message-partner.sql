-- The message $1 itself, wherever it is: what another one answers.
select 'in-' || id as id, document_type, state from inbox where message_id = $1
union all
select 'out-' || id, document_type, state from outbox where message_id = $1
limit 1
