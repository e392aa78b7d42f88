-- For a declaration: the form with the LRN that its declarant wrote on it, or the one whose MRN is the LRN.
select paper.mrn, paper.state, declarant, lrn, at, day::text, packages, gross_mass, seen, office, year, count, mode.state as mode_state
from fallback_paper paper join fallback_mode mode on mode.id = paper.mode
where paper.role = 'departure' and (paper.mrn = $2 or (declarant = $1 and lrn = $2 and paper.state = 'issued'))
order by paper.mrn <> $2
limit 1
for update of paper
