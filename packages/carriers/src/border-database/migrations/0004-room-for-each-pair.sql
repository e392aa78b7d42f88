-- What may wait is counted for each sender and addressee: an addressee that takes nothing stops what is for it, and nothing that its sender
-- has for others. Before, all that a sender had put shared one room.

-- Nobody puts or marks meanwhile: what lies there is counted once.
lock table border.object in share row exclusive mode;

-- What a sender has put for an addressee, as a running total; `settled_total` says what of it was dealt with or removed.
create table border.put_pair (
  sender text not null references border.member,
  addressee text not null references border.member,
  objects bigint not null default 0,
  bytes bigint not null default 0,
  primary key (sender, addressee)
);
insert into border.put_pair (sender, addressee, objects, bytes)
select sender, addressee, sum(objects), sum(bytes) from (
  select sender, addressee, objects, bytes from border.settled_total
  union all
  select sender, addressee, 1, size from border.object where dealt_as is null
) as put group by sender, addressee;
alter table border.put_pair enable row level security;
alter table border.put_pair force row level security;
create policy owner_all on border.put_pair to current_user using (true) with check (true);
revoke all on border.put_pair from public;

create or replace function border.on_put() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me text := border.party();
  allowed border.limits;
  lies_objects bigint;
  lies_bytes bigint;
  longest_receipt constant bigint := 65536;
  is_receipt boolean := new.kind = 'receipt';
begin
  -- In the name of another, or of nobody: row security refuses it next, and nothing of theirs may be touched before.
  if me is null or new.sender is distinct from me then
    return new;
  end if;
  select * into allowed from border.limits;
  new.size := octet_length(new.bytes);
  if is_receipt then
    allowed.object_bytes := least(allowed.object_bytes, longest_receipt);
    allowed.waiting_bytes := allowed.waiting_bytes + allowed.waiting_objects * longest_receipt;
    allowed.waiting_objects := 2 * allowed.waiting_objects;
  end if;
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
  update border.put_total t set objects = t.objects + 1, bytes = t.bytes + new.size where t.party = me;
  -- Drawn under the lock of that row: what one sender puts is numbered in the order in which it is committed.
  new.number := nextval('border.object_number');
  new.digest := sha256(new.bytes);
  new.put_at := clock_timestamp();
  -- The same again goes on to the key, also where there is no room for more.
  if exists (select from border.object o where o.sender = me and o.id = new.id) then
    return new;
  end if;
  insert into border.put_pair as p (sender, addressee, objects, bytes) values (me, new.addressee, 1, new.size)
    on conflict (sender, addressee) do update set objects = p.objects + 1, bytes = p.bytes + excluded.bytes
    returning p.objects, p.bytes into lies_objects, lies_bytes;
  select lies_objects - coalesce(sum(s.objects), 0), lies_bytes - coalesce(sum(s.bytes), 0)
    into lies_objects, lies_bytes from border.settled_total s where s.sender = me and s.addressee = new.addressee;
  if lies_objects > allowed.waiting_objects or lies_bytes > allowed.waiting_bytes then
    raise exception 'too much of % for % lies here and is not taken: % objects, % bytes with this one; % and % are allowed',
      me, new.addressee, lies_objects, lies_bytes, allowed.waiting_objects, allowed.waiting_bytes using errcode = 'CB002';
  end if;
  insert into border.access_log (party, act, sender, id, addressee, kind, size)
    values (me, 'put', new.sender, new.id, new.addressee, new.kind, new.size);
  -- Without a word of what it is: who might listen learns nothing.
  perform pg_notify((select m.channel from border.member m where m.party = new.addressee), '');
  return new;
end $$;

-- Whether this member has put this very object and it lies here or was dealt with: so it asks before it sends all bytes of one again.
create function border.lies(own_id text, of_digest bytea) returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select exists (
    select from border.object o where o.sender = border.party() and o.id = own_id and o.digest = of_digest);
end;
revoke all on function border.lies(text, bytea) from public;
