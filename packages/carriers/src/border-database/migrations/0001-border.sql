-- The border database. Whoever runs it owns it; members are roles that may call four functions and touch nothing else. What a member can
-- do is held by three things, each of which holds alone: it has no right on any table (members.ts); the functions run as a role of their
-- own, the door, to which row security shows only what is the caller's; and triggers set what a member must not choose. Members have no
-- right on tables since EXPLAIN ANALYZE would tell them how many rows of others a scan has passed over.
-- Functions that run with another's rights name every object by its schema and have no search path of the caller's.

create schema border;

-- Who may connect, and as which role. `channel` is the name under which the member is told of new objects: any role may listen to any
-- channel, so only the member is told its name.
create table border.member (
  party text primary key check (party ~ '^[!-~]{1,100}$'),
  role text not null unique,
  channel text not null unique default 'border_' || replace(gen_random_uuid()::text, '-', ''),
  since timestamptz not null default clock_timestamp(),
  removed_at timestamptz
);

create table border.limits (
  only_row boolean primary key default true check (only_row),
  object_bytes bigint not null default 16000000,
  waiting_objects bigint not null default 10000,
  waiting_bytes bigint not null default 1000000000,
  -- How far ahead an object may expire: what nobody marks must not lie for ever.
  longest_days int not null default 366,
  -- How far clocks may differ: what expired longer ago is not taken, and removed.
  grace interval not null default '1 day'
);
insert into border.limits default values;

create sequence border.object_number;

create table border.object (
  number bigint not null unique,
  sender text not null references border.member,
  -- Alone in the key beside the sender: an id tells a member nothing of what others have.
  id text not null check (id ~ '^[!-~]{1,255}$'),
  addressee text not null references border.member,
  kind text not null check (kind in ('message', 'receipt')),
  expires_at timestamptz not null check (isfinite(expires_at) and expires_at > '2000-01-01'),
  -- Null once it is dealt with: nothing lies here longer than it must.
  bytes bytea check (octet_length(bytes) > 0),
  size bigint not null,
  digest bytea not null,
  put_at timestamptz not null,
  dealt_as text check (dealt_as in ('taken', 'refused')),
  dealt_at timestamptz,
  primary key (sender, id),
  check (sender <> addressee),
  check ((dealt_as is null) = (bytes is not null) and (dealt_as is null) = (dealt_at is null))
);
create index object_waiting on border.object (addressee, sender, number) where dealt_as is null;
create index object_expires on border.object (expires_at) where dealt_as is null;
create index object_dealt on border.object (dealt_at) where dealt_as is not null;
-- What is encrypted does not get smaller.
alter table border.object alter column bytes set storage external;
-- The planner's estimates, which EXPLAIN shows to everybody, know nothing of who sends how much.
alter table border.object
  alter column number set statistics 0, alter column sender set statistics 0, alter column id set statistics 0,
  alter column addressee set statistics 0, alter column kind set statistics 0, alter column expires_at set statistics 0,
  alter column bytes set statistics 0, alter column size set statistics 0, alter column digest set statistics 0,
  alter column put_at set statistics 0, alter column dealt_as set statistics 0, alter column dealt_at set statistics 0;

-- What a sender has put, and what of it was dealt with or removed, as running totals: the difference lies here. Two tables, since who
-- puts must never wait for who marks. The row of `put_total` is the lock that lets one put of a sender after the other.
create table border.put_total (
  party text primary key references border.member,
  objects bigint not null default 0,
  bytes bigint not null default 0
);
create table border.settled_total (
  sender text not null references border.member,
  addressee text not null references border.member,
  objects bigint not null default 0,
  bytes bigint not null default 0,
  primary key (sender, addressee)
);

-- Who did what with which object; never what is in it.
create table border.access_log (
  number bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  party text,
  act text not null check (act in ('put', 'taken', 'refused', 'expired', 'removed')),
  sender text not null,
  id text not null,
  addressee text not null,
  kind text not null,
  size bigint not null
);
create index access_log_at on border.access_log (at);

-- The party whose role is logged in; null for all other roles. `session_user` stays what it was inside of functions that run with the
-- owner's rights, and a member cannot change it.
create function border.party() returns text
  language sql stable security definer set search_path = pg_catalog, pg_temp
  return (select m.party from border.member m where m.role = session_user::text and m.removed_at is null);

-- Where this member is told of new objects.
create function border.channel() returns text
  language sql stable security definer set search_path = pg_catalog, pg_temp
  return (select m.channel from border.member m where m.role = session_user::text and m.removed_at is null);

-- What became of an object that this member has put: for the door, which does not see it.
create function border.own(own_id text) returns table (digest bytea, dealt_as text)
  language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select o.digest, o.dealt_as from border.object o where o.sender = border.party() and o.id = own_id;
end;

create function border.on_put() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me text := border.party();
  allowed border.limits;
  lies_objects bigint;
  lies_bytes bigint;
begin
  -- In the name of another, or of nobody: row security refuses it next, and nothing of theirs may be touched before.
  if me is null or new.sender is distinct from me then
    return new;
  end if;
  select * into allowed from border.limits;
  new.size := octet_length(new.bytes);
  if new.size > allowed.object_bytes then
    raise exception 'an object has % bytes; % are allowed here', new.size, allowed.object_bytes using errcode = 'CB001';
  end if;
  if new.expires_at < clock_timestamp() - allowed.grace
    or new.expires_at > clock_timestamp() + make_interval(days => allowed.longest_days) then
    raise exception 'it expires at %, and here it is %: not before now (less %), and not in more than % days',
      new.expires_at, clock_timestamp(), allowed.grace, allowed.longest_days using errcode = 'CB003';
  end if;
  if not exists (select from border.member m where m.party = new.addressee and m.removed_at is null) then
    raise exception '% is no member here', new.addressee using errcode = 'CB004';
  end if;
  update border.put_total t set objects = t.objects + 1, bytes = t.bytes + new.size
    where t.party = me returning t.objects, t.bytes into lies_objects, lies_bytes;
  -- Drawn under the lock of that row: what one sender puts is numbered in the order in which it is committed.
  new.number := nextval('border.object_number');
  new.digest := sha256(new.bytes);
  new.put_at := clock_timestamp();
  -- The same again goes on to the key, also where there is no room for more.
  if exists (select from border.object o where o.sender = me and o.id = new.id) then
    return new;
  end if;
  select lies_objects - coalesce(sum(s.objects), 0), lies_bytes - coalesce(sum(s.bytes), 0)
    into lies_objects, lies_bytes from border.settled_total s where s.sender = me;
  if lies_objects > allowed.waiting_objects or lies_bytes > allowed.waiting_bytes then
    raise exception 'too much of % lies here and is not taken: % objects, % bytes with this one; % and % are allowed',
      me, lies_objects, lies_bytes, allowed.waiting_objects, allowed.waiting_bytes using errcode = 'CB002';
  end if;
  insert into border.access_log (party, act, sender, id, addressee, kind, size)
    values (me, 'put', new.sender, new.id, new.addressee, new.kind, new.size);
  -- Without a word of what it is: who might listen learns nothing.
  perform pg_notify((select m.channel from border.member m where m.party = new.addressee), '');
  return new;
end $$;
create trigger on_put before insert on border.object for each row execute function border.on_put();

create function border.on_mark() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  -- The first word stands.
  if old.dealt_as is not null or new.dealt_as is null then
    return null;
  end if;
  new.bytes := null;
  new.dealt_at := clock_timestamp();
  insert into border.settled_total as t (sender, addressee, objects, bytes)
    values (old.sender, old.addressee, 1, old.size)
    on conflict (sender, addressee) do update set objects = t.objects + 1, bytes = t.bytes + excluded.bytes;
  insert into border.access_log (party, act, sender, id, addressee, kind, size)
    values (border.party(), new.dealt_as, old.sender, old.id, old.addressee, old.kind, old.size);
  return new;
end $$;
create trigger on_mark before update on border.object for each row execute function border.on_mark();

-- Takes away objects that are of no use any more: those for and of a removed member (nobody takes them, or gets a receipt), else those
-- that expired.
create function border.remove_waiting(of_member text, most int) returns bigint
  language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  gone bigint;
begin
  with old as (
    select o.sender, o.id from border.object o, border.limits l
    where o.dealt_as is null
      and case when of_member is null then o.expires_at < clock_timestamp() - l.grace else of_member in (o.sender, o.addressee) end
    limit most for update of o skip locked
  ), removed as (
    delete from border.object o using old where o.sender = old.sender and o.id = old.id
    returning o.sender, o.id, o.addressee, o.kind, o.size
  ), counted as (
    insert into border.settled_total as t (sender, addressee, objects, bytes)
    select r.sender, r.addressee, count(*), sum(r.size) from removed r group by r.sender, r.addressee
    on conflict (sender, addressee) do update set objects = t.objects + excluded.objects, bytes = t.bytes + excluded.bytes
  ), told as (
    insert into border.access_log (act, sender, id, addressee, kind, size)
    select case when of_member is null then 'expired' else 'removed' end, r.sender, r.id, r.addressee, r.kind, r.size
    from removed r
  )
  select count(*) into gone from removed;
  return gone;
end $$;

-- What members call.

-- Leaves an object of the caller's: `put`, or `there` when the same lies there or was dealt with, `conflict` when other bytes have its id.
create function border.put(new_id text, new_addressee text, new_kind text, new_expires_at timestamptz, new_bytes bytea)
  returns text language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  known bytea;
begin
  for try in 1..3 loop
    begin
      insert into border.object (sender, id, addressee, kind, expires_at, bytes)
        values (border.party(), new_id, new_addressee, new_kind, new_expires_at, new_bytes);
      return 'put';
    exception when unique_violation then
      select o.digest into known from border.own(new_id) o;
      -- None: housekeeping has removed it in this moment, and there is room for it again.
      if found then
        return case when known = sha256(new_bytes) then 'there' else 'conflict' end;
      end if;
    end;
  end loop;
  raise exception 'object % comes and goes', new_id using errcode = 'serialization_failure';
end $$;

-- What waits for the caller, the oldest of each sender first: at most so many objects, and so many bytes (but one object always).
-- Of an object that is larger than the caller reads the bytes are null. The senders take turns: what one has piled up holds nobody up.
create function border.waiting(most_objects int, most_bytes bigint, largest bigint)
  returns table (sender text, id text, addressee text, kind text, expires_at timestamptz, size bigint, bytes bytea)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  me text := border.party();
begin
  return query
  with recursive senders (party) as (
    (select o.sender from border.object o where o.dealt_as is null and o.addressee = me order by o.sender limit 1)
    union all
    select (
      select o.sender from border.object o
      where o.dealt_as is null and o.addressee = me and o.sender > s.party order by o.sender limit 1
    )
    from senders s where s.party is not null
  ), head as (
    select o.number, o.sender, o.size, row_number() over (partition by o.sender order by o.number) as turn
    from senders s
    cross join lateral (
      select w.number, w.sender, w.size from border.object w
      where w.dealt_as is null and w.addressee = me and w.sender = s.party order by w.number limit most_objects
    ) o
    where s.party is not null
  ), chosen as (
    select h.number, h.sender, h.turn, h.size,
      sum(h.size) filter (where h.size <= largest) over (order by h.turn, h.number) as so_far
    from head h order by h.turn, h.number limit most_objects
  )
  select o.sender, o.id, o.addressee, o.kind, o.expires_at, o.size, case when o.size <= largest then o.bytes end
  from chosen c
  join border.object o on o.dealt_as is null and o.addressee = me and o.sender = c.sender and o.number = c.number
  where c.size > largest or c.so_far - c.size < most_bytes
  order by c.turn, c.number;
end $$;

-- Says of an object for the caller that it was taken or refused; it is not shown again. True when this was the first word.
create function border.mark(of_sender text, of_id text, as_what text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update border.object o set dealt_as = as_what where o.sender = of_sender and o.id = of_id and o.dealt_as is null;
  return found;
end $$;

-- Row security: also the owner, as whom triggers and housekeeping run, sees rows by a policy only. All others, the door before all,
-- see what is for the party whose role is logged in.
do $$
declare
  each text;
begin
  foreach each in array array['member', 'limits', 'object', 'put_total', 'settled_total', 'access_log'] loop
    execute format('alter table border.%I enable row level security', each);
    execute format('alter table border.%I force row level security', each);
    execute format('create policy owner_all on border.%I to current_user using (true) with check (true)', each);
  end loop;
end $$;
create policy member_puts on border.object for insert with check (sender = (select border.party()));
create policy member_reads on border.object for select using (addressee = (select border.party()));
create policy member_marks on border.object for update
  using (addressee = (select border.party())) with check (addressee = (select border.party()));

revoke all on all tables in schema border from public;
revoke all on all sequences in schema border from public;
revoke all on all functions in schema border from public;
revoke all on schema border from public;

-- The door: nobody logs in as it. Roles belong to the whole server, so its name is of this database.
do $$
declare
  door text := 'border_door_' || left(md5(current_database()), 8);
begin
  if not exists (select from pg_roles where rolname = door) then
    execute format('create role %I nologin', door);
  end if;
  execute format('grant %I to current_user with inherit true, set true', door);
  execute format('grant usage, create on schema border to %I', door);
  execute format('alter function border.put(text, text, text, timestamptz, bytea) owner to %I', door);
  execute format('alter function border.waiting(int, bigint, bigint) owner to %I', door);
  execute format('alter function border.mark(text, text, text) owner to %I', door);
  execute format('revoke create on schema border from %I', door);
  execute format('grant insert (sender, id, addressee, kind, expires_at, bytes),
    select (number, sender, id, addressee, kind, expires_at, bytes, size, dealt_as),
    update (dealt_as) on border.object to %I', door);
  execute format('grant execute on function border.party(), border.own(text) to %I', door);
end $$;
