select declaration from national_transit
where message_id = $1 or ((trader = $2 or $2::text is null) and (lrn = $3 or mrn = $4))
order by (message_id = $1) is true desc, id
limit 1
