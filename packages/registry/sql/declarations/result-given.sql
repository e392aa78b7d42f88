update national_result set given_at = $2 where number = $1
