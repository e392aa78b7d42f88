-- $1 message that is answered, $2 trader (null: whoever), $3 LRN, $4 MRN. Each part has an index of its own.
select declaration from (
  select declaration, 0 as rank, id from national_transit where message_id = $1
  union all
  select declaration, 1, id from national_transit where trader = $2 and lrn = $3
  union all
  select declaration, 1, id from national_transit where mrn = $4 and (trader = $2 or $2::text is null)
) found
order by rank, id
limit 1
