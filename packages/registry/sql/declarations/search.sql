-- All declarations whose number or UCR begins as asked: from $1, below $2, at most $3 of them. Bounds instead of a pattern: their index is taken
-- whatever the plan knows of the pattern.
select id::text, side, state, changed_at from declaration
where (ucr ~>=~ $1 and ucr ~<~ $2) or (number ~>=~ $1 and number ~<~ $2)
limit $3
