-- The addressee's own signed receipt for the object $3 (SHA-256 $4) that this node left at a third place for the message $1 to $2: it
-- has the message, or refuses it for the reason $8. One for an object that was made anew since then says nothing of the new one. When what is
-- refused was made with other certificates than those of now ($9), the message goes by itself as another object.
with settled as (
  update outbox set
    state = case when $8::text is null then 'receipted' when state = 'sent' and sealed_by <> $9 then 'sent' else 'parked' end,
    due_at = case when $8::text is null then due_at else $7::timestamptz end,
    receipt = $5, receipt_content_type = $6, receipted_at = case when $8::text is null then $7::timestamptz end,
    -- After a refusal it is sent as another object, by itself or by a person: this one is not looked at any more.
    sealed_by = case when $8::text is null then sealed_by end,
    reason = $8, lease = null, leased_until = null
  -- By the object and not by the link, which is that of the configuration in which the message was last queued.
  where message_id = $1 and recipient = $2 and link in ('as4', 'carried') and (state in ('sent', 'parked') or state = 'discarded' and $8::text is null)
    and sealed_references -> 0 ->> 'objectId' = $3 and sealed_references -> 0 ->> 'digest' = $4
  returning conversation, message_id, recipient, document_type, tries, state
), said as (
  insert into journal (at, kind, conversation, message_id, actor, detail)
  select $7, case state when 'receipted' then 'message.receipted' when 'parked' then 'message.parked' else 'message.unanswered' end,
    conversation, message_id, recipient,
    jsonb_build_object('type', document_type, 'tries', tries)
      || case when $8::text is null then '{}'::jsonb else jsonb_build_object('reason', $8::text, 'box', 'outbox') end
  from settled
)
select state from settled
