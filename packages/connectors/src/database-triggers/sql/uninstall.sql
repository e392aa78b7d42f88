-- Takes everything of the gateway out of the national database; its own tables stay as they are.
do $uninstall$
begin
  if {isKept} and exists (select from corridor_gateway.outbox where state in ('waiting', 'leased')) then
    raise exception 'the gateway has not taken everything yet' using errcode = 'CG001';
  end if;
end
$uninstall$;
drop schema corridor_gateway cascade;
