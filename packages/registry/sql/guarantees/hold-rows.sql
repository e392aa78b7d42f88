-- Locks the rows, in the order of their numbers, until the transaction ends.
select grn from guarantee where grn = any ($1) order by grn for update
