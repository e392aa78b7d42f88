-- What is to be sealed next. Below the horizon every transaction has ended, in whatever order they were committed: no line will appear
-- there any more. With more than $1 lines the batch ends before the transaction that would make it too long.
with last as (
  select number, end_tx, hash from journal_seal order by number desc limit 1
), next as (
  select
    coalesce((select number from last), 0) + 1 as number,
    coalesce((select end_tx from last), 0) as first_tx,
    (select hash from last) as previous,
    pg_snapshot_xmin(pg_current_snapshot())::text::bigint + journal_offset() as horizon
)
select number, first_tx, previous, horizon,
  (select tx from journal where tx >= first_tx and tx < horizon order by tx, id limit 1) as oldest,
  (select tx from journal where tx >= first_tx and tx < horizon order by tx, id limit 1 offset $1) as cut
from next
