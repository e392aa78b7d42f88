update fallback_paper paper set state = 'entered' from fallback_mode mode
where mrn = $1 and paper.role = 'departure' and mode.id = paper.mode
returning mode.office, mode.year, mode.count
