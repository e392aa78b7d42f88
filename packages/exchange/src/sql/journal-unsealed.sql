-- Lines that no seal covers yet. $1 is the end of the last seal.
select count(*) as entries, min(at) as oldest_at from journal where tx >= $1
