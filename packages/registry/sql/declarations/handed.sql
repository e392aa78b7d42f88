-- What was handed over under an id.
select digest from declaration_version where handed = $1
