-- How many copies of a member were taken today ($2, in UTC).
select day_copies as copies from regional_member where party = $1 and day = $2::date
