-- Every paper of a mode with what reconciliation compares: the movement it became, and one that its declarant declared electronically.
select paper.mrn, paper.state, paper.declarant, paper.lrn, paper.at, paper.day::text, paper.packages, paper.gross_mass, paper.seen,
  movement.state as movement_state, (movement.summary ->> 'packages')::integer as movement_packages,
  coalesce(movement.data #>> '{record,Consignment,grossMass}', '') as movement_mass,
  coalesce(jsonb_path_exists(movement.data, '$.guarantees[*] ? (@.state == "refused")'), false) as movement_refused,
  coalesce(movement.data #>> '{results,code}', '') as movement_result,
  coalesce(movement.data ? 'arrival', false) as movement_arrived,
  double.mrn as double_mrn, double.state as double_state,
  coalesce((select jsonb_object_agg(flag, jsonb_build_object('text', reason, 'by', actor, 'at', said.at)) from fallback_explanation said
    where said.mode = paper.mode and said.mrn = paper.mrn), '{}') as explained
from fallback_paper paper
join fallback_mode mode on mode.id = paper.mode
left join movement on movement.mrn = paper.mrn and movement.mrn <> '' and movement.role = mode.role and movement.office = mode.office
left join movement double on paper.role = 'departure' and paper.lrn <> '' and double.role = 'departure'
  and double.trader = paper.declarant and double.lrn = paper.lrn and double.mrn <> paper.mrn
where paper.mode = $1
order by paper.position
