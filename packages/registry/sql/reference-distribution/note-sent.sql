update reference_subscription set sent = $3, refusal = null where list = $1 and party = $2
