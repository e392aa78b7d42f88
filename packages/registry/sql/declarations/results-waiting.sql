select number::text, id, declaration, kind, block, note, document from national_result where given_at is null order by number limit $1
