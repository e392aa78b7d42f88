-- A form that an office has seen left: it is registered, not returned.
update fallback_paper set state = 'returned' where mode = $1 and state = 'reserved' and seen = '[]' returning mrn
