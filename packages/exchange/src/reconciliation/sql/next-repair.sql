select number, run, partner, day, actor, reason from reconciliation
where role = 'ours' and state = 'compared' and repair = 'wanted' order by number limit 1 for update skip locked
