-- Corridor gateway: what a national system hands over lies in the outbox of this schema, what comes back in its inbox. It may be run again.
create schema if not exists corridor_gateway;
revoke all on schema corridor_gateway from public;

-- A role that the mapping does not name any more calls nothing here any more; those that it names get their rights at the end.
do $rights$
declare
  old name;
begin
  for old in
    select r.rolname from pg_namespace n cross join lateral aclexplode(n.nspacl) a join pg_roles r on r.oid = a.grantee
    where n.nspname = 'corridor_gateway' and a.grantee <> n.nspowner
  loop
    execute format('revoke all on schema corridor_gateway from %I', old);
  end loop;
end
$rights$;

create table if not exists corridor_gateway.outbox (
  number bigint generated always as identity primary key,
  id uuid not null unique default gen_random_uuid(),
  capture text not null,
  declaration text not null,
  event text not null,
  -- null when the gateway has it: what is kept then only tells whether the same is captured again
  content bytea,
  digest bytea not null,
  captured_at timestamptz not null default now(),
  state text not null default 'waiting' check (state in ('waiting', 'leased', 'done', 'aside')),
  lease_until timestamptz,
  taken integer not null default 0,
  wrong jsonb,
  settled_at timestamptz
);
create index if not exists outbox_open on corridor_gateway.outbox (number) where state in ('waiting', 'leased');
create index if not exists outbox_order on corridor_gateway.outbox (capture, declaration, number);
create index if not exists outbox_aside on corridor_gateway.outbox (number) where state = 'aside';

create table if not exists corridor_gateway.inbox (
  number bigint generated always as identity primary key,
  id text not null unique,
  declaration text not null,
  kind text not null,
  media_type text not null,
  content bytea not null,
  given_at timestamptz not null default now(),
  taken_at timestamptz
);
-- What is kept of a result that was taken: whether it is the same that is given again.
alter table corridor_gateway.inbox add column if not exists digest bytea;
create index if not exists inbox_waiting on corridor_gateway.inbox (number) where taken_at is null;

-- The room at the end of the outbox is not given back: that would take a lock for which whoever releases a declaration would wait.
alter table corridor_gateway.outbox set (vacuum_truncate = false, toast.vacuum_truncate = false);

-- What could not be captured: the last thousand. None of them stands in the way of another, whatever transaction it is of.
create table if not exists corridor_gateway.failure (
  number bigint not null,
  capture text not null,
  declaration text,
  code text not null,
  message text not null,
  at timestamptz not null default clock_timestamp()
);
alter table corridor_gateway.failure drop column if exists slot;
alter table corridor_gateway.failure set (vacuum_truncate = false, toast.vacuum_truncate = false);
create index if not exists failure_number on corridor_gateway.failure (number);
create sequence if not exists corridor_gateway.failures;

-- Puts one declaration into the outbox, unless the last thing captured of it was the same.
create or replace function corridor_gateway.capture(own_capture text, own_declaration text, own_event text, own_content bytea)
returns boolean language plpgsql set search_path = pg_catalog, pg_temp as $capture$
declare
  own_digest bytea;
  last_event text;
  last_digest bytea;
begin
  if own_declaration is null or own_declaration = '' then
    raise exception 'a key column of the declaration is empty';
  end if;
  if own_content is null or octet_length(own_content) = 0 then
    raise exception 'the declaration has no content';
  end if;
  if octet_length(own_content) > 5000000 then
    raise exception 'the declaration has % bytes, 5000000 are taken', octet_length(own_content);
  end if;
  own_digest := sha256(own_content);
  perform corridor_gateway.not_again('corridor_gateway.outbox');
  select event, digest into last_event, last_digest from corridor_gateway.outbox
  where capture = own_capture and declaration = own_declaration order by number desc limit 1;
  if last_event = own_event and last_digest = own_digest then
    return false;
  end if;
  insert into corridor_gateway.outbox (capture, declaration, event, content, digest)
  values (own_capture, own_declaration, own_event, own_content, own_digest);
  return true;
end
$capture$;

-- Fails at once where somebody holds a lock on the table, if this transaction has waited for one before.
create or replace function corridor_gateway.not_again(own_table regclass)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $notagain$
begin
  if current_setting('corridor_gateway.waited', true) = 'yes' then
    execute format('lock table %s in row exclusive mode nowait', own_table);
  end if;
end
$notagain$;

create or replace function corridor_gateway.failed(own_capture text, own_declaration text, own_code text, own_message text)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $failed$
declare
  own_number bigint := nextval('corridor_gateway.failures');
begin
  perform corridor_gateway.not_again('corridor_gateway.failure');
  insert into corridor_gateway.failure (number, capture, declaration, code, message)
  values (own_number, own_capture, own_declaration, own_code, left(own_message, 500));
  -- A few each time: those that another transaction is about to take away are passed over.
  delete from corridor_gateway.failure where ctid = any (array(
    select ctid from corridor_gateway.failure where number <= own_number - 1000 order by number limit 10 for update skip locked));
end
$failed$;

-- The oldest of each declaration that waits, for so long nobody else's. What was taken ten times and never settled is set aside.
create or replace function corridor_gateway.take(most integer, lease_seconds integer)
returns table (id uuid, declaration text, event text, content bytea, before integer)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $take$
#variable_conflict use_column
begin
  update corridor_gateway.outbox set state = 'aside', settled_at = now(), wrong = jsonb_build_array(jsonb_build_object(
    'rule', 'never-settled', 'place', '', 'text', 'It was taken ten times and never settled: whatever takes it ends.',
    'remedy', 'Look at the log of the gateway, then put it back with corridor_gateway.again.'))
  where state = 'leased' and lease_until < now() and taken >= 10;
  return query
  with due as (
    select o.number from corridor_gateway.outbox o
    where (o.state = 'waiting' or (o.state = 'leased' and o.lease_until < now()))
      and not exists (
        select from corridor_gateway.outbox e
        where e.capture = o.capture and e.declaration = o.declaration and e.number < o.number and e.state in ('waiting', 'leased')
      )
    order by o.number limit most for update skip locked
  ), leased as (
    update corridor_gateway.outbox o
    set state = 'leased', lease_until = now() + make_interval(secs => lease_seconds), taken = o.taken + 1
    from due where o.number = due.number
    returning o.number, o.id, o.declaration, o.event, o.content, o.taken - 1 as before
  )
  select l.id, l.declaration, l.event, l.content, l.before from leased l order by l.number;
end
$take$;

create or replace function corridor_gateway.done(ids uuid[])
returns integer language plpgsql security definer set search_path = pg_catalog, pg_temp as $done$
declare
  settled integer;
begin
  update corridor_gateway.outbox set state = 'done', content = null, lease_until = null, settled_at = now()
  where id = any (ids) and state <> 'done';
  get diagnostics settled = row_count;
  return settled;
end
$done$;

create or replace function corridor_gateway.set_aside(own_id uuid, own_wrong jsonb)
returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $aside$
begin
  update corridor_gateway.outbox set state = 'aside', lease_until = null, wrong = own_wrong, settled_at = now()
  where id = own_id and state in ('waiting', 'leased');
  return found;
end
$aside$;

-- For the people of the national system: what was set aside is handed over once more, unless something newer of the same declaration was since.
create or replace function corridor_gateway.again(own_id uuid)
returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $again$
declare
  own corridor_gateway.outbox;
begin
  select * into own from corridor_gateway.outbox where id = own_id and state = 'aside' for update;
  if not found then
    return false;
  end if;
  if exists (
    select from corridor_gateway.outbox n
    where n.capture = own.capture and n.declaration = own.declaration and n.number > own.number and n.state <> 'aside'
  ) then
    raise exception 'something newer of declaration % was handed over since', own.declaration
      using errcode = 'CG002', hint = 'What is newer counts. Release the declaration once more in the national system where it does not.';
  end if;
  update corridor_gateway.outbox set state = 'waiting', taken = 0, wrong = null, settled_at = null where id = own_id;
  return true;
end
$again$;

create or replace function corridor_gateway.give(own_id text, own_declaration text, own_kind text, own_media_type text, own_content bytea)
returns text language plpgsql security definer set search_path = pg_catalog, pg_temp as $give$
declare
  there bytea;
begin
  insert into corridor_gateway.inbox (id, declaration, kind, media_type, content, digest)
  values (own_id, own_declaration, own_kind, own_media_type, own_content, sha256(own_content)) on conflict (id) do nothing;
  if found then
    return 'given';
  end if;
  select coalesce(digest, sha256(content)) into there from corridor_gateway.inbox where id = own_id;
  return case when there = sha256(own_content) then 'there' else 'conflict' end;
end
$give$;

-- For the national system: it reads results here and says which it has.
create or replace view corridor_gateway.results as
  select id, declaration, kind, media_type, content, given_at from corridor_gateway.inbox where taken_at is null order by number;

create or replace function corridor_gateway.result_taken(own_id text)
returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $taken$
begin
  update corridor_gateway.inbox set taken_at = now(), digest = coalesce(digest, sha256(content)), content = ''
  where id = own_id and taken_at is null;
  return found;
end
$taken$;

create or replace function corridor_gateway.state()
returns table (waiting bigint, leased bigint, done bigint, aside bigint, failures bigint, results bigint, oldest timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $state$
  select count(*) filter (where o.state = 'waiting'), count(*) filter (where o.state = 'leased'),
    count(*) filter (where o.state = 'done'), count(*) filter (where o.state = 'aside'),
    (select count(*) from corridor_gateway.failure), (select count(*) from corridor_gateway.inbox where taken_at is null),
    min(o.captured_at) filter (where o.state in ('waiting', 'leased'))
  from corridor_gateway.outbox o
$state$;

revoke all on all tables in schema corridor_gateway from public;
revoke all on all functions in schema corridor_gateway from public;
