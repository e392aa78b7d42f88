-- What an owner and a reader have agreed on, or not yet, or no longer, for a purpose: the newest first.
select owner, id, version, state, valid_from as "validFrom", valid_to as "validTo", contract ->> 'purpose' as purpose
from share_contract where owner = $1 and reader = $2
order by contract ->> 'purpose' = $3 desc, state = 'accepted' desc, offered_at desc, version desc
limit 50
