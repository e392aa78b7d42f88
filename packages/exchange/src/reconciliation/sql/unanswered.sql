-- Comparisons whose own documents the partner does not take: the exchange has given them up.
select number, run.run, run.partner, run.day, outbox.reason from reconciliation as run
join outbox on conversation = 'reconciliation ' || run.run and recipient = run.partner
where role = 'ours' and (run.state = 'asked' or repair = 'ordered') and outbox.state = 'parked'
  and outbox.document_type in ('ReconciliationStatement', 'ReconciliationQuestion', 'ReconciliationRequest')
order by number limit 1 for update of run skip locked
