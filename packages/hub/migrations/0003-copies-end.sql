-- Copies are deleted when what the members agreed on is over: counted from the last copy of their movement. `came_as` is the message in which a
-- copy came: its document goes with it.
alter table regional_copy add column came_as text;
alter table regional_movement add column last_copy_at timestamptz;
update regional_movement set last_copy_at = told.at
from (select mrn, max(received_at) as at from regional_copy group by mrn) as told where told.mrn = regional_movement.mrn;
create index regional_movement_last_copy on regional_movement (last_copy_at);

-- What the board counts over all movements, kept with each of them: a million copies are not read for a page.
create table regional_corridor (
  departure text not null,
  -- '' while no copy says where they go.
  destination text not null,
  movements bigint not null default 0,
  arrived bigint not null default 0,
  invalidated bigint not null default 0,
  contradicted bigint not null default 0,
  primary key (departure, destination)
);
create table regional_corridor_transit (
  departure text not null,
  destination text not null,
  country text not null,
  movements bigint not null,
  primary key (departure, destination, country)
);

create function regional_count(movement regional_movement, by int) returns void language plpgsql as $$
begin
  insert into regional_corridor as c (departure, destination, movements, arrived, invalidated, contradicted)
  values (movement.departure, coalesce(movement.destination, ''), by, case when movement.arrived_at is null then 0 else by end,
    case movement.state when 'invalidated' then by else 0 end, case movement.contradictions when '[]' then 0 else by end)
  on conflict (departure, destination) do update set movements = c.movements + excluded.movements, arrived = c.arrived + excluded.arrived,
    invalidated = c.invalidated + excluded.invalidated, contradicted = c.contradicted + excluded.contradicted;
  insert into regional_corridor_transit as t (departure, destination, country, movements)
  select movement.departure, coalesce(movement.destination, ''), country, by
  from (select distinct unnest(movement.transit) as country) as passed order by country
  on conflict (departure, destination, country) do update set movements = t.movements + excluded.movements;
end $$;

create function regional_counted() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and (old.departure, coalesce(old.destination, ''), old.transit, old.arrived_at is null, old.state = 'invalidated', old.contradictions = '[]')
    = (new.departure, coalesce(new.destination, ''), new.transit, new.arrived_at is null, new.state = 'invalidated', new.contradictions = '[]') then
    return null;
  end if;
  if tg_op <> 'INSERT' then
    perform regional_count(old, -1);
  end if;
  if tg_op <> 'DELETE' then
    perform regional_count(new, 1);
  end if;
  return null;
end $$;
insert into regional_corridor (departure, destination, movements, arrived, invalidated, contradicted)
select departure, coalesce(destination, ''), count(*), count(arrived_at), count(*) filter (where state = 'invalidated'),
  count(*) filter (where contradictions <> '[]')
from regional_movement group by 1, 2;
insert into regional_corridor_transit (departure, destination, country, movements)
select departure, destination, country, count(*) from (
  select distinct mrn, departure, coalesce(destination, '') as destination, unnest(transit) as country from regional_movement
) as passed group by 1, 2, 3;
create trigger regional_counted after insert or update or delete on regional_movement for each row execute function regional_counted();

create index regional_movement_under_way on regional_movement (departure, destination) include (limit_date)
  where state in ('released', 'crossed', 'enquiry');
create index regional_movement_arrived on regional_movement (arrived_at) include (released_at, departure, destination);
