-- How many copies of a member came today ($2, in UTC), those that were refused or here already too.
select day_copies as copies from regional_member where party = $1 and day = $2::date
