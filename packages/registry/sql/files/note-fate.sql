update file_request set fates = fates || jsonb_build_object($2::text, $3::text) where id = $1
