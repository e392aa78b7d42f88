-- The national system reads results, says which it has, and puts back what was set aside.
grant usage on schema corridor_gateway to {nationalRole};
grant select on corridor_gateway.results to {nationalRole};
grant execute on function corridor_gateway.result_taken(text), corridor_gateway.again(uuid), corridor_gateway.state() to {nationalRole};
