-- The lines of some conversations as they are hashed (see journal-leaves.sql), oldest first, each with the number of its seal, if any.
select journal.id, journal.tx, seal.number,
  jsonb_build_array(
    journal.id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), kind, conversation, message_id, actor, office, detail
  )::text as leaf
from journal
left join lateral (
  select number, end_tx from journal_seal where first_tx <= journal.tx order by first_tx desc limit 1
) seal on journal.tx < seal.end_tx
where conversation = any ($1::text[])
order by journal.id
