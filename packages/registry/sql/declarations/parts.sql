delete from shared_part where declaration = $1 and version = $2 returning message_id
