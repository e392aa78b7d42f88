-- A declaration that is entered locks its paper (paper-by-lrn.sql) and not the office: an act waits for it, and reads what it made of the paper.
select mrn from fallback_paper where mode = $1 order by mrn for update
