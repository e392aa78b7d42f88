-- What was compared is to be mended; only once.
update reconciliation set repair = 'wanted', actor = $2, reason = $3
where number = $1 and role = 'ours' and state = 'compared' and repair is null
returning number
