select mode.office from fallback_paper paper join fallback_mode mode on mode.id = paper.mode
where paper.role = 'departure' and paper.mrn = $1
