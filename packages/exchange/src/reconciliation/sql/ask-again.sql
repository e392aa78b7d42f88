-- Messages that did not fit into an answer may be asked for once more.
delete from reconciliation_given where reconciliation = $1 and message_id = any ($2::text[])
