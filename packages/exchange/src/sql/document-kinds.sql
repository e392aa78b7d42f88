select document_type, bool_or(link = 'as4') as is_between
from (select document_type, link from inbox union all select document_type, link from outbox) as messages
group by document_type order by document_type
