-- The month of the oldest record where the offices are; null without any.
select to_char(min(created_at) at time zone $1, 'YYYY-MM') as month from movement
