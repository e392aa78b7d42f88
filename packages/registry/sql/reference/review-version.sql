update reference_version set state = 'reviewed', reviewer = $3 where list = $1 and number = $2
