-- Where a line of the journal is: its transaction, and the seal over it (null while there is none), with its place among that seal's lines.
select journal.tx, seal.number,
  case when seal.number is not null then (
    select count(*) from journal older
    where older.tx >= seal.first_tx and (older.tx, older.id) < (journal.tx, journal.id)
  ) end as index
from journal
left join journal_seal seal on seal.first_tx <= journal.tx and journal.tx < seal.end_tx
where journal.id = $1
