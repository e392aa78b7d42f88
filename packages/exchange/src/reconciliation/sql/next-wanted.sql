select number, run, partner, day from reconciliation
where state = 'wanted' order by number limit 1 for update skip locked
