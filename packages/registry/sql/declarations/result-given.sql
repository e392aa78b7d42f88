update national_result set given_at = $2, document = case when document is not null then ''::bytea end where number = $1
