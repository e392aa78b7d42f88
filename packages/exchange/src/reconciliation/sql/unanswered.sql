-- Comparisons that come to nothing: the partner does not take their documents, which the exchange has given up; or it has them since before
-- $1 and does not answer.
select number, run.run, run.partner, run.day, coalesce(outbox.reason, 'it has not answered for a week') as reason
from reconciliation as run
left join outbox on conversation = 'reconciliation ' || run.run and recipient = run.partner and outbox.state = 'parked'
  and outbox.document_type in ('ReconciliationStatement', 'ReconciliationQuestion', 'ReconciliationRequest')
where role = 'ours' and (run.state = 'asked' or repair = 'ordered')
  and (outbox.id is not null or run.state = 'asked' and asked_at < $1)
order by number limit 1 for update of run skip locked
