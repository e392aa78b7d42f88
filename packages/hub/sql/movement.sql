select mrn, departure, destination, transit, office_of_departure, office_of_destination, arrived_in, state,
  coalesce(state in ('released', 'crossed', 'enquiry') and limit_date < $2::date, false) as is_late,
  released_at, to_char(limit_date, 'YYYY-MM-DD') as limit_date, arrived_at, ended_at, last_told_at, contradictions,
  coalesce((
    select jsonb_agg(jsonb_build_object('grn', grn, 'country', country, 'currency', currency, 'amount', amount::text, 'movements', 1,
      'inUse', in_use) order by grn)
    from regional_guarantee where regional_guarantee.mrn = regional_movement.mrn), '[]') as guarantees
from regional_movement where mrn = $1
