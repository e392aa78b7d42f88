select month, counts, sent_at, sent_by, message_id, warnings from statistics_report order by month desc, id desc limit $1
