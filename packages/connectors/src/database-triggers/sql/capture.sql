-- One table that is captured. Whatever goes wrong in here, the statement of the national system goes through. What changes nothing of the declaration
-- ends before anything of the gateway is touched. This is no condition of the trigger: columns that stand in one can be neither dropped nor changed.
create or replace function corridor_gateway.{capture}()
returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '250ms' as $trigger$
declare
  own_declaration text;
  own_event text;
begin
  begin
    own_event := {event};
    if own_event is not null and (tg_op = 'INSERT' or {isChanged}) then
      own_declaration := {declaration};
      perform corridor_gateway.capture({nameLiteral}, own_declaration, own_event, {content});
    end if;
  exception when others then
    -- Who has waited once for a lock in this transaction waits for none any more: of a thousand rows not each waits.
    if sqlstate = '55P03' then
      perform set_config('corridor_gateway.waited', 'yes', true);
    end if;
    begin
      perform corridor_gateway.failed({nameLiteral}, own_declaration, sqlstate, sqlerrm);
    exception when lock_not_available then
      perform set_config('corridor_gateway.waited', 'yes', true);
    when others then
      null;
    end;
  end;
  return null;
end
$trigger$;

-- What was released before the trigger was there, or could not be captured: the administrator runs it when he likes.
create or replace function corridor_gateway.{recapture}()
returns table (captured bigint, failed bigint) language plpgsql security definer set search_path = pg_catalog, pg_temp as $recapture$
declare
  new {table}%rowtype;
  is_new boolean;
begin
  captured := 0;
  failed := 0;
  for new in select * from {table} order by {order} loop
    begin
      is_new := false;
      if {event} is not null then
        is_new := corridor_gateway.capture({nameLiteral}, {declaration}, {event}, {content});
      end if;
      if is_new then
        captured := captured + 1;
      end if;
    exception when others then
      failed := failed + 1;
      perform corridor_gateway.failed({nameLiteral}, {declaration}, sqlstate, sqlerrm);
    end;
  end loop;
  return next;
end
$recapture$;

revoke all on function corridor_gateway.{capture}() from public;
revoke all on function corridor_gateway.{recapture}() from public;
create or replace trigger {trigger} after insert or update on {table} for each row execute function corridor_gateway.{capture}();
