-- It ends here, for the reason $2. What was compared stays compared, with all that differs: only its repair comes to its end.
update reconciliation set
  state = case state when 'compared' then state else 'refused' end,
  compared_at = case state when 'compared' then compared_at else $3 end,
  refusal = $2,
  repair = case when repair is null then null else 'ended' end
where number = $1 and state in ('wanted', 'asked') or number = $1 and repair in ('wanted', 'ordered')
returning number
