select list, party, version, digest, sent, refusal from reference_subscription where list = $1 and party = $2 for update
