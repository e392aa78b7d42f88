select paper.mrn, paper.state, declarant, lrn, at, day::text, packages, gross_mass, seen, office, year, count, mode.state as mode_state
from fallback_paper paper join fallback_mode mode on mode.id = paper.mode
where paper.role = 'departure' and paper.mrn = $1
for update of paper
