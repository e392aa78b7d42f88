select id::text, sender, message_id, message_type, recipient, mrn, said_at, received_at, elements from regional_copy where mrn = $1 order by regional_copy.said_at, regional_copy.id
