delete from webhook where owner = $1 and id = $2 returning host
