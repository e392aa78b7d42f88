select part, parts, version, previous, digest from reference_part where list = $1 order by part
