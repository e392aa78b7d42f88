-- Until the transaction ends no document changes a paper of the mode.
select from fallback_paper where mode = $1 order by mrn for update
