-- An officer may write fourteen digits before the point: the column had room for twelve.
alter table fallback_paper alter column gross_mass type numeric(20, 6);
