insert into national_transit (handed, declaration, message_id, trader, lrn, mrn, at) values ($1, $2, $3, $4, $5, $6, $7)
