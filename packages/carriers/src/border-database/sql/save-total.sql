insert into border.put_total (party) values ($1) on conflict do nothing
