select distinct document_type, link, case when link in ('api', 'as4') then sender else recipient end as party
from (
  select document_type, link, sender, recipient from inbox
  union all
  select document_type, link, sender, recipient from outbox where link <> 'as4'
) as messages
order by document_type, link, party
