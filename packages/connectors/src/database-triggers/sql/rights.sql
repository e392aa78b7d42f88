-- The gateway's role calls these functions and sees nothing else of the database.
grant usage on schema corridor_gateway to {gatewayRole};
grant execute on function corridor_gateway.take(integer, integer), corridor_gateway.done(uuid[]),
  corridor_gateway.set_aside(uuid, jsonb), corridor_gateway.give(text, text, text, text, bytea), corridor_gateway.state()
to {gatewayRole};
