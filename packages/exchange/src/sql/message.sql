select 'in' as direction, conversation, sender, recipient, document_type, payload from inbox where $1 = 'in' and id = $2
union all
select 'out', conversation, sender, recipient, document_type, payload from outbox where $1 = 'out' and id = $2
