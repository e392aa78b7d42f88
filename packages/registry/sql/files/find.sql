select id::text, digest, mrn from movement_file where origin = $1 and file = $2
