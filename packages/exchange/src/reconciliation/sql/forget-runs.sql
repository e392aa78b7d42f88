-- Comparisons are kept for a while after they were made; what was given back for one stays.
with old as (
  select number from reconciliation where wanted_at < $1 order by number limit 100 for update skip locked
), parted as (
  update returned_message set reconciliation = null where reconciliation in (select number from old)
), follows as (
  update reconciliation set follows = null where follows in (select number from old)
)
delete from reconciliation where number in (select number from old)
