-- What was begun from data that are here no longer: what the importer made of it stays, what it was before goes.
update import_draft set draft = null, complete = '[]', left_out = '[]',
  changes = (select jsonb_agg(each - 'was') from jsonb_array_elements(changes) each)
where declaration = $1 and version = $2
