-- What ended at its owner ($1) and may still lie at a third place. Not at once again: one that was under way at that moment may come late.
select item from share_item
where owner = $1 and ended_at is not null and taken_back_at is null and ended_at <= $2
-- Some may be at a place that is away for ever: they keep nobody from being taken back.
order by random() limit $3
