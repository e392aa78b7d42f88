select origin, file, content, digest, size from movement_file where id = $1
