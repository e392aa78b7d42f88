select number, first_tx, end_tx, entries, root, previous, hash, (extract(epoch from sealed_at) * 1000000)::bigint as sealed_at_us
from journal_seal
where number >= $1 and number <= $2
order by number
limit $3
