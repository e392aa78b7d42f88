-- Not what was refused: that somebody tries to send a document does not make it one that is exchanged. What refuses it counts.
select distinct document_type, link, case when link in ('api', 'as4', 'carried') then sender else recipient end as party
from (
  select message_id, document_type, link, sender, recipient from inbox
  union all
  select message_id, document_type, link, sender, recipient from outbox where link not in ('as4', 'carried')
) as messages
where not exists (
  select from outbox as refusal
  where refusal.ref_to = messages.message_id
    and refusal.document_type in ('CC056C', 'CC057C', 'CC906C', 'CC917C', 'CD906C', 'CD917C')
)
order by document_type, link, party
