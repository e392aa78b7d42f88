-- How far the seals are behind the journal.
with last as (
  select number, end_tx, sealed_at from journal_seal order by number desc limit 1
)
select
  (select number from last) as seal,
  (select sealed_at from last) as sealed_at,
  (select at from journal where tx >= coalesce((select end_tx from last), 0) order by tx, id limit 1) as oldest_unsealed_at
