-- It ends here, for the reason $2.
update reconciliation set state = 'refused', refusal = $2, compared_at = $3,
  repair = case when repair is null then null else 'ended' end
where number = $1 and state in ('wanted', 'asked') or number = $1 and repair in ('wanted', 'ordered')
returning number
