-- The next version is the owner's $2: the numbers between are versions that never came here.
update reference_list set latest = $2 - 1 where id = $1
