delete from national_result where id = any ($1::text[]) and given_at is null
