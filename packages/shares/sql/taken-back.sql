update share_item set taken_back_at = $3 where owner = $1 and item = any ($2::text[])
