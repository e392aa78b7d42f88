-- The border database. It is run by its owner; members are roles that may put objects of their own, read and mark those for them, and
-- nothing else. What a member may do is in three places, each of which holds alone: column grants (members.ts), row security (below,
-- forced upon the owner too), and triggers that set what a member must not choose. Functions that run with the owner's rights name
-- every object by its schema and have no search path of the caller's.

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
  bytes bytea,
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

-- What became of an object that this member has put.
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

-- Takes away objects that nobody will take any more: those of a removed member (for it), else those that expired.
create function border.remove_waiting(of_addressee text, most int) returns bigint
  language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  gone bigint;
begin
  with old as (
    select o.sender, o.id from border.object o, border.limits l
    where o.dealt_as is null
      and case when of_addressee is null then o.expires_at < clock_timestamp() - l.grace else o.addressee = of_addressee end
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
    select case when of_addressee is null then 'expired' else 'removed' end, r.sender, r.id, r.addressee, r.kind, r.size
    from removed r
  )
  select count(*) into gone from removed;
  return gone;
end $$;

-- Row security: also the owner, as whom the functions above run, sees rows by a policy only.
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
