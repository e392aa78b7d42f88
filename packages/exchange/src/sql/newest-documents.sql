-- What was stored last, to try the data key on.
(select message_id, payload from inbox order by id desc limit 3)
union all
(select message_id, payload from outbox order by id desc limit 3)
