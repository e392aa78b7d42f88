-- Only when nothing of it is left.
with finished as (
  update message_batch set state = 'done', finished_at = $2
  where id = $1 and state = 'approved'
    and not exists (select from message_batch_item where batch = $1 and outcome is null)
  returning id, act, requested_by, reason, done, already, refused
)
insert into journal (at, kind, actor, detail)
select $2, 'batch.finished', requested_by, jsonb_build_object('batch', id, 'act', act, 'reason', reason, 'done', done, 'already', already,
  'refused', refused)
from finished
returning id
