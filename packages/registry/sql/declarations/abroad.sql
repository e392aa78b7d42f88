select state, day::text from import_abroad where declaration = $1
