delete from reference_subscription where list = $1 and party = $2 returning list
