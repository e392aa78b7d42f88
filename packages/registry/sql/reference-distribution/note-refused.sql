update reference_subscription set refusal = $3 where list = $1 and party = $2
