select digest, state from forwarded_object where sender = $1 and id = $2
