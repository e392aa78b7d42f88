-- How many messages the partner has had for this comparison.
select count(*) as count from reconciliation_given where reconciliation = $1
