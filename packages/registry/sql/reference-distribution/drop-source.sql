delete from reference_source where list = $1 returning list
