-- What is in use by country and currency (grn null), and the twenty guarantees with the most.
with by_guarantee as (
  select country, currency, grn, sum(amount) as amount, count(*)::int as movements
  from regional_guarantee where in_use group by country, currency, grn
), largest as (
  select *, row_number() over (order by amount desc, grn) as place from by_guarantee
), told as (
  select country, currency, null as grn, sum(amount) as amount, count(*)::int as guarantees, sum(movements)::int as movements, 0 as place
  from by_guarantee group by country, currency
  union all
  select country, currency, grn, amount, 1, movements, place from largest where place <= 20
)
select country, currency, grn, amount::text as amount, guarantees, movements from told
order by place, currency, told.amount desc, country
