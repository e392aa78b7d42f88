-- Lines of the journal in the order in which they are sealed, each with the text that is hashed. The text is made here and not by a
-- function of the database: whoever can change that could make a changed line look like the old one.
select tx, id,
  jsonb_build_array(
    id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), kind, conversation, message_id, actor, office, detail
  )::text as leaf
from journal
where (tx, id) > ($1, $2) and tx < $3
order by tx, id
limit $4
