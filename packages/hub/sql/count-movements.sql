-- How many movements movements.sql would list without its page.
select case
  when $3::text is null and $4::text is null and $5::text is null then (
    select coalesce(sum(movements), 0) from regional_corridor
    where ($1::text is null or departure = $1) and ($2::text is null or destination = $2))
  else (
    select count(*) from regional_movement
    where ($1::text is null or departure = $1) and ($2::text is null or destination = $2) and ($3::text is null or state = $3)
      and ($4::text is null or case $4 when 'late' then state in ('released', 'crossed', 'enquiry') and limit_date < $6::date
        else contradictions <> '[]' end)
      and ($5::text is null or mrn like $5))
end::int as total
