-- Of the partners in $1 those with whom something was exchanged in the time from $2 to $3, and whose day $4 was not compared yet.
select party from unnest($1::text[]) as party
where exists (select from counted_message where partner = party and counted_at >= $2 and counted_at < $3)
  and not exists (select from reconciliation where partner = party and day = $4 and automatic)
