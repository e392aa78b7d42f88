insert into border.put_total (party) select $1 where not exists (select from border.put_total where party = $1)
