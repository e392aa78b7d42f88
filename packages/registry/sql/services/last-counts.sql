-- What the last report of each of the months said.
select distinct on (month) month, counts from statistics_report where month = any($1) order by month, id desc
