insert into statistics_report (month, counts, sent_at, sent_by, message_id) values ($1, $2, $3, $4, $5) returning id
