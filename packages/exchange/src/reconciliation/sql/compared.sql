-- All is here: what the partner listed is not needed any more.
with items as (
  delete from reconciliation_item where reconciliation = $1
), kinds as (
  select coalesce(jsonb_object_agg(kind, count), '{}') as counted
  from (select kind, count(*) as count from reconciliation_difference where reconciliation = $1 group by kind) as each
)
update reconciliation set state = 'compared', compared_at = $2
from kinds
where number = $1
returning kinds.counted, own_total, their_total
