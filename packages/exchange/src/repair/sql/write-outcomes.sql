with written as (
  update message_batch_item set outcome = given.outcome, why = given.why, detail = given.detail, at = $2
  from unnest($3::int[], $4::text[], $5::text[], $6::text[]) as given (place, outcome, why, detail)
  where batch = $1 and message_batch_item.place = given.place and message_batch_item.outcome is null
  returning given.outcome
)
update message_batch set done = done + (select count(*) from written where outcome = 'done'),
  already = already + (select count(*) from written where outcome = 'already'),
  refused = refused + (select count(*) from written where outcome = 'refused')
where id = $1
